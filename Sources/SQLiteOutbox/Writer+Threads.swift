internal import Outbox

/// A thread as the store keeps it.
struct StoredThread {
    let id: Int64
    let shop: Int64
    let name: ThreadName
    var awaiting: Awaiting
    var since: Timestamp
}

extension Writer {
    /// - Throws: what `inconsistent` makes, where there is none.
    func thread(_ id: Int64) throws -> StoredThread {
        let found = try threads.threadByID.first(id) { row in
            StoredThread(
                id: id, shop: row.integer(0),
                name: ThreadName(ShopName(row.text(1)), ThreadKey(row.text(2))),
                awaiting: Awaiting(rawValue: Int(row.integer(3))) ?? .none,
                since: row.timestamp(4))
        }
        guard let found else { throw inconsistent("there is no thread \(id)") }
        return found
    }

    func existingThread(_ name: ThreadName) throws -> StoredThread? {
        guard let shop = try existingShop(name.shop) else { return nil }
        let id = try sql.findThread.first(shop, name.key.description) { $0.integer(0) }
        return try id.map { try thread($0) }
    }

    /// The customer's newest message.
    func question(of thread: Int64) throws -> Int64? {
        try threads.newestQuestion.first(thread) { $0.integer(0) }
    }

    func liveConversation(of thread: Int64) throws -> StoredConversation? {
        try threads.liveConversation.first(thread, read: StoredConversation.init)
    }

    func lastConversation(of thread: Int64) throws -> StoredConversation? {
        try threads.lastConversation.first(thread, read: StoredConversation.init)
    }

    /// - Returns: `nil` where there is no such entry.
    func route(ofEntry entry: Int64) throws -> Route? {
        try threads.routeOfEntry.first(entry) {
            Route(RouteName($0.text(1)), to: DestinationName($0.text(0)))
        }
    }

    func setAwaiting(_ awaiting: Awaiting, of thread: StoredThread, at now: Timestamp) throws {
        guard awaiting != thread.awaiting else { return }
        countThread(
            of: thread.shop, from: thread.awaiting.rawValue, to: awaiting.rawValue)
        try sql.saveAwaiting.run(awaiting.rawValue, now.milliseconds, thread.id)
        if awaiting != .agent { try dropConcerns(of: thread.id) }
    }

    // MARK: - Status

    func status(of thread: StoredThread) throws -> ThreadStatus {
        let known =
            try liveConversation(of: thread.id)
            ?? lastConversation(of: thread.id)
        return ThreadStatus(thread.awaiting, known?.observation.stage)
    }

    /// Changes a thread, and tells its shop if that has changed its status.
    func tellingStatus(
        of id: Int64, at now: Timestamp, _ change: (StoredThread) throws -> Void
    ) throws {
        let before = try thread(id)
        // Two readings that nobody wants are not made.
        guard wants(.threadStatus, before) else { return try change(before) }
        let old = try status(of: before)
        try change(before)
        let new = try status(of: try thread(id))
        guard new != old else { return }
        try tell(Event(.threadStatus, at: now, status: new), of: before)
    }

    // MARK: - Events

    private func wants(_ name: EventName, _ thread: StoredThread) -> Bool {
        aftercare.callbacks[thread.name.shop]?.contains(name) ?? false
    }

    /// Writes an event that the thread's shop wants, and its entry.
    func tell(_ event: Event, of thread: StoredThread) throws {
        guard wants(event.name, thread) else { return }
        try append(event, .event, to: .callback(of: thread.name.shop), in: thread.id)
    }

    func append(
        _ event: Event, _ kind: LaneKind, to route: Route, in thread: Int64
    ) throws {
        let number = nextNumber(at: event.at)
        try threads.insertEvent.run(number, thread, event.payload)
        try append(number, kind, in: thread, by: route, at: event.at)
    }

    // MARK: - What follows from the end of a delivery

    /// - Parameter state: that the entry was in before.
    func follow(
        _ stored: StoredEntry, from state: EntryState, by actor: String?, at now: Timestamp
    ) throws {
        let entry = stored.entry
        guard entry.kind == .message, entry.state != state else { return }
        let ends: Set<EntryState> = [.delivered, .dead, .discarded]
        guard ends.contains(entry.state) || ends.contains(state) else { return }
        if entry.destination == .genesys {
            try followToGenesys(stored, at: now, by: actor)
        } else {
            try followToShop(stored, from: state, at: now)
        }
    }

    private func followToGenesys(
        _ stored: StoredEntry, at now: Timestamp, by actor: String?
    ) throws {
        let entry = stored.entry
        switch entry.state {
        case .delivered:
            guard let reference = entry.reference,
                try beginConversation(of: stored.thread, reference, at: now)
            else { break }
            return
        case .dead where try isMessage(entry.message):
            let written =
                try threads.payloadAbout.first(
                    stored.thread, Int64?.some(entry.message.rawValue)
                ) { try? Message(payload: $0.bytes(0)) } ?? nil
            try tell(
                Event(
                    .messageDead, at: now, message: entry.message,
                    shopMessageID: written?.shopID, reason: entry.reason),
                of: try thread(stored.thread))
        default: break
        }
        try reconsider(stored.thread, by: actor, at: now)
    }

    /// And not an order to close.
    private func isMessage(_ id: MessageID) throws -> Bool {
        try threads.messageKey.first(id.rawValue) { _ in } != nil
    }

    /// - Parameter state: that the entry was in before.
    private func followToShop(
        _ stored: StoredEntry, from state: EntryState, at now: Timestamp
    ) throws {
        let entry = stored.entry
        if state == .dead { try dropConcern(.refused, of: stored.thread, entry.id) }
        switch entry.state {
        case .delivered:
            try tellingStatus(of: stored.thread, at: now) { thread in
                // What the customer wrote since is not answered by it.
                guard try openQuestion(of: thread.id) == nil else { return }
                try setAwaiting(.customer, of: thread, at: now)
            }
        case .dead:
            try addConcern(
                .refused, of: stored.thread, entry.id, since: now,
                because: entry.reason ?? "the shop did not take the answer")
        default:
            try reconsider(stored.thread, by: nil, at: now)
        }
    }

    /// - Returns: whether nothing was known of it before.
    @discardableResult
    func beginConversation(of thread: Int64, _ reference: String, at now: Timestamp) throws -> Bool
    {
        guard try threads.findConversation.first(reference, read: StoredConversation.init) == nil
        else { return false }
        try tellingStatus(of: thread, at: now) { thread in
            try threads.insertConversation.run(
                nextNumber(at: now), thread.id, reference, now.milliseconds)
            try tell(
                Event(.conversationStarted, at: now, conversation: reference), of: thread)
        }
        try dropConcerns(of: thread)
        // Genesys may have told of it before its own answer came.
        if let seen = strangers.take(reference) { _ = try observe(seen) }
        return true
    }
}
