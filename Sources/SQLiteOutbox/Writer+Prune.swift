internal import Outbox

extension Writer {
    func dropHistory(
        before cutoff: Timestamp, after sequence: Int64, limit: Int
    ) throws -> PrunedPage {
        let old = try sql.oldChanges.all(sequence, limit) {
            (
                sequence: $0.integer(0), at: $0.timestamp(1), entry: $0.integer(2),
                isEnd: $0.integer(3) != 0, isDone: $0.integer(4) != 0
            )
        }.prefix { $0.at < cutoff }
        var dropped = Pruned()
        for change in old where change.isDone {
            try sql.dropChange.run(change.sequence)
            if change.isEnd { try sql.dropAttempts.run(change.entry) }
            dropped.changes += 1
        }
        let last = old.count < limit ? nil : old.last?.sequence
        return PrunedPage(
            dropped: dropped, next: last.map { .history(after: $0) } ?? .threads(after: 0))
    }

    /// Drops threads with their messages, events and files, as many as the limit allows; the thread that it cuts stays for
    /// the next page.
    /// - Parameter threads: all of whose entries are done with.
    /// - Returns: `next` is `nil` where all of them are dropped.
    func drop(_ threads: [Int64], before cutoff: Timestamp, limit: Int) throws -> PrunedPage {
        var page = PrunedPage(next: nil)
        for thread in threads
        where try sql.isQuiet.first(
            thread, MessageID(firstAt: cutoff).rawValue, read: { _ in }) != nil
        {
            // Told, and of no use without the messages they are about.
            let events = try drop(
                sql.eventsOf, of: thread, max(0, limit - page.dropped.rows), dropEvent)
            page.dropped.events += events.count
            let areFilesDropped = try events.areAll && dropFiles(of: thread, limit, &page.dropped)
            let messages =
                try areFilesDropped
                ? drop(sql.messagesOf, of: thread, max(0, limit - page.dropped.rows), drop)
                : (count: 0, areAll: false)
            page.dropped.messages += messages.count
            guard messages.areAll else {
                page.next = .threads(after: thread - 1)
                return page
            }
            try sql.dropConversations.run(thread)
            try sql.dropAudits.run(thread)
            try desk.dropDrafts.run(thread)
            try desk.dropLinked.run(thread)
            try sql.dropLanes.run(thread)
            let owner = try sql.dropThread.first(thread) { ($0.integer(0), Int($0.integer(1))) }
            if let (shop, awaiting) = owner { countThread(of: shop, from: awaiting) }
            page.dropped.threads += 1
        }
        return page
    }

    /// Drops as many as there is room for, the oldest first.
    private func drop(
        _ found: Statement, of thread: Int64, _ room: Int, _ drop: (Int64) throws -> Void
    ) throws -> (count: Int, areAll: Bool) {
        let numbers = try found.all(thread, room + 1) { $0.integer(0) }
        for number in numbers.prefix(room) { try drop(number) }
        return (min(room, numbers.count), numbers.count <= room)
    }

    /// - Returns: whether none is left.
    private func dropFiles(of thread: Int64, _ limit: Int, _ dropped: inout Pruned) throws -> Bool {
        while let file = try desk.filesOfThread.first(thread, 1, read: { $0.integer(0) }) {
            guard dropped.rows < limit else { return false }
            dropped.parts += try drop(file: file)
        }
        return true
    }

    /// Drops files that nobody has a use for, one always in full.
    func dropUnusedFiles(before cutoff: Timestamp, limit: Int) throws -> PrunedPage {
        let unused = try desk.unusedFiles.all(FileID(firstAt: cutoff).rawValue, limit) {
            $0.integer(0)
        }
        var dropped = Pruned()
        for file in unused {
            guard dropped.parts < limit else { return PrunedPage(dropped: dropped, next: .files) }
            dropped.parts += try drop(file: file)
        }
        return PrunedPage(dropped: dropped, next: unused.count < limit ? .space : .files)
    }

    private func dropEvent(_ event: Int64) throws {
        try dropEntry(event)
        try sql.dropAttempts.run(event)
        try sql.dropEvent.run(event)
    }

    /// A message that was routed nowhere has no entry.
    private func drop(_ message: Int64) throws {
        for further in try sql.furtherDeliveries.all(message, read: { $0.integer(0) }) {
            try dropEntry(further)
        }
        try dropEntry(message)
        try sql.dropPayload.run(message)
        try sql.dropMessage.run(message)
    }

    /// None that is open is ever dropped, so it does not matter where it goes.
    private func dropEntry(_ entry: Int64) throws {
        let dropped = try sql.dropEntry.first(entry) { ($0.integer(0), try $0.state(1)) }
        if let (route, state) = dropped { countEntry(of: route, to: .genesys, from: state) }
    }

    /// Gives pages back to the disk while more than a tenth is free: that much is kept for what comes next.
    func giveBack() throws -> PrunedPage {
        guard try hasSpare() else { return PrunedPage(next: nil) }
        let before = try number(sql.allPages)
        try sql.giveBackPages.run()
        let given = before - (try number(sql.allPages))
        let isMore = try given > 0 && hasSpare()
        return PrunedPage(
            dropped: Pruned(bytes: given * (try number(sql.pageSize))), next: isMore ? .space : nil)
    }

    private func hasSpare() throws -> Bool {
        let free = try number(sql.freePages)
        return try free > 1000 && free > number(sql.allPages) / 10
    }

    private func number(_ pragma: Statement) throws -> Int {
        try pragma.first { Int($0.integer(0)) } ?? 0
    }
}
