internal import Outbox

// Whoever waits for an answer has somebody: an entry on its way, a live conversation, an answer on its way to
// the shop, or a concern.

extension Writer {
    /// Finds out whether a thread's customer still has somebody, and sees to it where that is not so.
    ///
    /// - Parameter actor: who has just given a message up, if that is what has happened.
    func reconsider(_ id: Int64, by actor: String? = nil, at now: Timestamp) throws {
        let thread = try thread(id)
        guard aftercare.seesToUnanswered, thread.awaiting == .agent, try !isCaredFor(thread) else {
            // With nobody to see to it, or somebody who does, nothing else waits for its time.
            return try dropConcerns(of: id)
        }
        guard let question = try openQuestion(of: id) else {
            return try giveUp(thread, by: actor, at: now)
        }
        switch try fate(of: question, in: thread) {
        case .recreate(let wait):
            try replaceConcern(
                .again, of: thread, due: clocks.due() + wait,
                because: "ended before any agent took it")
        case .concern(let reason):
            try replaceConcern(.unanswered, of: thread, due: nil, because: reason)
        }
    }

    /// All that was not answered was discarded by a person.
    private func giveUp(_ thread: StoredThread, by actor: String?, at now: Timestamp) throws {
        guard let actor else {
            return try replaceConcern(
                .unanswered, of: thread, due: nil, because: "nothing is left of what was asked")
        }
        try dismiss(thread, because: "its message was discarded", by: actor, at: now)
    }

    /// Whether something is under way for the thread's customer.
    private func isCaredFor(_ thread: StoredThread) throws -> Bool {
        if try threads.isBusy.first(thread.id, read: { _ in }) != nil { return true }
        let live = try liveConversation(of: thread.id)
        if live != nil { return true }
        return try isAnswered(thread)
    }

    /// Whether the customer has an answer, needs none, or has one on its way.
    func isAnswered(_ thread: StoredThread) throws -> Bool {
        guard thread.awaiting == .agent else { return true }
        let question = try openQuestion(of: thread.id)?.id ?? 0
        let states = try threads.newestAnswers.all(thread.id, question) { try $0.state(0) }
        return states.contains { $0 != .discarded && $0 != .delivered }
    }

    /// The customer's newest message that has no answer yet and that nobody has given up.
    func openQuestion(of thread: Int64) throws -> Question? {
        try threads.openQuestion.first(thread) {
            Question(id: $0.integer(0), state: try $0.state(1), reason: $0.optionalText(2))
        }
    }

    private func fate(of question: Question, in thread: StoredThread) throws -> Aftercare.Fate {
        if question.state == .dead {
            return .concern("it could not be delivered: \(question.reason ?? "unknown")")
        }
        let last = try lastConversation(of: thread.id)
        guard let last = last?.observation else {
            return .concern("nothing is known of its conversation")
        }
        let recreations = try threads.countRecreations.first(question.id) { Int($0.integer(0)) }
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
            // One that cannot be read must not keep the others.
            guard let thread = try readable({ try thread(id) }) else {
                try dropConcerns(of: id)
                continue
            }
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
        guard let question = try openQuestion(of: thread.id)?.id,
            let route = try route(ofEntry: question)
        else {
            return try replaceConcern(
                .unanswered, of: thread, due: nil, because: "nothing is left of what was asked")
        }
        try dropConcerns(of: thread.id)
        try append(nextNumber(at: now), of: question, in: thread.id, by: route, at: now)
    }
}

/// What a customer wrote, and what became of its newest delivery.
struct Question {
    let id: Int64
    let state: EntryState
    let reason: String?
}
