internal import Outbox

// Whoever waits for an answer has somebody: an entry on its way, a live conversation, an answer on its way to
// the shop, or a concern.

extension Writer {
    /// Finds out whether a thread's customer still has somebody, and sees to it where that is not so.
    ///
    /// - Parameter actor: who has just given a message up, if that is what has happened.
    func reconsider(_ id: Int64, by actor: String? = nil, at now: Timestamp) throws {
        let thread = try thread(id)
        guard aftercare.seesToUnanswered, thread.awaiting == .agent,
            try !isCaredFor(thread), let question = try question(of: id)
        else {
            // With nobody to see to it, or somebody who does, nothing else waits for its time.
            return try dropConcerns(of: id)
        }
        switch try fate(of: question, in: thread) {
        case .recreate(let wait):
            try replaceConcern(
                .again, of: thread, due: clocks.due() + wait,
                because: "ended before any agent took it")
        case .concern(let reason):
            try replaceConcern(.unanswered, of: thread, due: nil, because: reason)
        case nil:
            try dismiss(thread, because: "its message was discarded", by: actor ?? "-", at: now)
        }
    }

    /// Whether something is under way for the thread's customer.
    private func isCaredFor(_ thread: StoredThread) throws -> Bool {
        if try threads.isBusy.first(thread.id, read: { _ in }) != nil { return true }
        let live = try threads.liveConversation.first(thread.id, read: StoredConversation.init)
        if live != nil { return true }
        return try isAnswered(thread)
    }

    /// Whether the customer has an answer, needs none, or has one on its way.
    func isAnswered(_ thread: StoredThread) throws -> Bool {
        guard thread.awaiting == .agent else { return true }
        let states = try threads.newestAnswers.all(
            thread.id, try question(of: thread.id) ?? 0
        ) { try $0.state(0) }
        return states.contains { $0 != .discarded }
    }

    /// - Returns: `nil` where a person has given the message up.
    private func fate(of question: Int64, in thread: StoredThread) throws -> Aftercare.Fate? {
        let delivery = try threads.newestDelivery.first(question) {
            (state: try $0.state(0), reason: $0.optionalText(1))
        }
        switch delivery?.state {
        case .dead:
            return .concern("it could not be delivered: \(delivery?.reason ?? "unknown")")
        case .discarded: return nil
        default: break
        }
        let last = try threads.lastConversation.first(thread.id, read: StoredConversation.init)
        guard let last = last?.observation else {
            return .concern("nothing is known of its conversation")
        }
        let recreations = try threads.countRecreations.first(question) { Int($0.integer(0)) }
        return aftercare.fate(
            wasAccepted: last.wasAccepted, end: last.end ?? .unknown, recreations: recreations ?? 0)
    }

    // MARK: - Concerns

    private func replaceConcern(
        _ kind: Concern.Kind, of thread: StoredThread, due: Timestamp?, because reason: String
    ) throws {
        try dropConcerns(of: thread.id)
        try addConcern(kind, of: thread.id, since: thread.since, due: due, because: reason)
    }

    func addConcern(
        _ kind: Concern.Kind, of thread: Int64, _ entry: EntryID? = nil, since: Timestamp,
        due: Timestamp? = nil, because reason: String
    ) throws {
        try threads.saveConcern.run(
            thread, kind.rawValue, entry?.rawValue ?? 0, since.milliseconds, due?.milliseconds,
            reason)
        countConcern(kind, by: 1)
    }

    func dropConcern(_ kind: Concern.Kind, of thread: Int64, _ entry: EntryID) throws {
        let dropped = try threads.dropConcern.all(thread, kind.rawValue, entry.rawValue) {
            $0.integer(0)
        }
        countConcern(kind, by: -dropped.count)
    }

    /// Drops all but refused answers, which stay until somebody has seen to them.
    func dropConcerns(of thread: Int64) throws {
        let kinds = try threads.dropWaitingConcerns.all(thread) {
            Concern.Kind(rawValue: Int($0.integer(0)))
        }
        for kind in kinds.compactMap({ $0 }) { countConcern(kind, by: -1) }
    }

    // MARK: - Again

    /// - Returns: how many, and when the next one is due.
    func recreateDue(limit: Int) throws -> (count: Int, nextDue: Timestamp?) {
        let now = environment.now()
        let due = try threads.dueConcerns.all(clocks.due().milliseconds, limit) { $0.integer(0) }
        for id in due {
            let thread = try thread(id)
            // The customer may have written again meanwhile.
            if try isCaredFor(thread) {
                try dropConcerns(of: id)
            } else {
                try recreate(thread, at: now)
            }
        }
        let next = try threads.nextConcern.first { $0.timestamp(0) }
        return (due.count, next.map { $0 + (.zero - clocks.lead) })
    }

    func recreate(_ name: ThreadName, by actor: String) throws {
        guard let thread = try existingThread(name) else { throw StoreError.notFound }
        guard thread.awaiting == .agent else {
            throw StoreError.notAllowed("the customer waits for no answer")
        }
        guard try !isCaredFor(thread) else {
            throw StoreError.notAllowed(
                "the customer has a live conversation, or a message or an answer on its way")
        }
        let now = environment.now()
        try recreate(thread, at: now)
        try audit(.recreated, in: thread.id, by: actor, at: now)
    }

    /// Delivers the customer's newest message once more, by an entry of its own.
    private func recreate(_ thread: StoredThread, at now: Timestamp) throws {
        try dropConcerns(of: thread.id)
        guard let question = try question(of: thread.id) else { return }
        let route = try threads.routeOfEntry.first(question) {
            Route(RouteName($0.text(1)), to: DestinationName($0.text(0)))
        }
        guard let route else { throw inconsistent("message \(question) was never delivered") }
        try append(nextNumber(at: now), of: question, in: thread.id, by: route, at: now)
    }
}
