internal import Logging
internal import Outbox
internal import Synchronization

extension SQLiteOutbox {
    /// Puts in doubt what the last run left in the middle of an attempt.
    func doubtUnfinished() async throws(StoreError) {
        let reason = "the bridge ended while it was being sent"
        for entry in try await doubt(.sending, because: reason) {
            logger.warning("entry in doubt since the last run", metadata: ["entry": "\(entry)"])
        }
    }

    /// Puts in doubt all that a copy from a backup shows as waiting: the store it was taken of may have
    /// sent it since.
    ///
    /// All of it is due to be looked for at once: it is looked for at the pace that looks have anyway, and
    /// the longest waiting first.
    func doubtRestored() async throws(StoreError) {
        logger.warning("the store is older than what was last done with it: it is a restored copy")
        let reason = "the store was restored from a copy: it may have been sent since"
        let doubted = try await doubt(.pending, because: reason) { count in
            logger.warning("entries of a restored copy in doubt", metadata: ["count": "\(count)"])
        }
        try await queue.write { try $0.endRestored() }
        logger.warning(
            "the restored copy is ready; messages accepted after it was taken are not in it",
            metadata: ["inDoubt": "\(doubted.count)"])
    }

    /// In pages and each entry for itself, so that one that cannot be moved does not keep the others.
    /// - Parameter tell: of how many were moved until now, after each page.
    /// - Returns: those that were moved.
    func doubt(
        _ state: EntryState, except underWay: Set<Fence> = [], because reason: String,
        tell: (Int) -> Void = { _ in }
    ) async throws(StoreError) -> [EntryID] {
        var moved: [EntryID] = []
        var last = EntryID(rawValue: 0)
        while true {
            let page = try await queue.write { [last] in
                try $0.page(of: state, after: last, limit: 200)
            }
            guard let end = page.last else { return moved }
            last = end.entry
            let abandoned = page.filter { !underWay.contains($0.fence) }
            let ends = await queue.writeEach(abandoned) {
                try $0.doubt($1, in: state, because: reason)
            }
            for (seen, end) in zip(abandoned, ends) {
                switch end {
                case .success(.moved): moved.append(seen.entry)
                case .success(.movedOn): break
                case .success(.unreadable): report(seen.entry, "it is not to be read")
                case .failure(let error): report(seen.entry, "\(error)")
                }
            }
            tell(moved.count)
        }
    }

    private func report(_ entry: EntryID, _ reason: String) {
        guard stuck.withLock({ $0.insert(entry).inserted }) else { return }
        logger.error(
            "entry cannot be put in doubt", metadata: ["entry": "\(entry)", "reason": "\(reason)"])
    }
}
