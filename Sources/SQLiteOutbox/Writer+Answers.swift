internal import Outbox

extension Writer {
    func write(_ message: AgentMessage) throws -> Acceptance {
        let key = message.storedKey
        if let repeated = try earlier(key, message.digest, in: message.thread.shop) {
            return repeated
        }
        guard let thread = try existingThread(message.thread) else { throw StoreError.notFound }
        let question = try question(of: thread.id)
        if message.kind == .answer { try check(message.seen, against: question) }
        let files = try files(
            message.attachments.compactMap(\.file), of: thread, by: message.agent.id, areAll: true)
        let now = environment.now()
        let number = nextNumber(at: now)
        var written = try self.message(message, in: thread, answering: question)
        written.attachments.replaceFiles(by: files)
        try insert(
            number, written.direction, written.payload, in: thread.id,
            key: (thread.shop, key, message.digest))
        let id = MessageID(rawValue: number)
        try send(files, with: id)
        try dropDraft(of: message, in: thread)
        try audit(
            message.kind == .answer ? .answered : .noted, in: thread.id,
            by: message.actor ?? message.agent.id, of: id, at: now)
        if message.kind == .answer { try deliver(number, in: thread, at: now, hold: message.hold) }
        return .accepted(id)
    }

    /// Without a callback the shop reads the answer for itself: then it has it at once.
    private func deliver(
        _ answer: Int64, in thread: StoredThread, at now: Timestamp, hold: Duration
    ) throws {
        guard aftercare.callbacks[thread.name.shop]?.contains(.agentReply) == true else {
            return try tellingStatus(of: thread.id, at: now) {
                try setAwaiting(.customer, of: $0, at: now)
            }
        }
        try append(
            answer, in: thread.id, by: .callback(of: thread.name.shop), at: now, hold: hold)
        try dropConcerns(of: thread.id)
    }

    /// About the customer and the order of what it answers, else of the thread's newest message.
    private func message(
        _ written: AgentMessage, in thread: StoredThread, answering question: Int64?
    ) throws -> Message {
        let about =
            try threads.payloadAbout.first(thread.id, question) {
                try? Message(payload: $0.bytes(0))
            } ?? nil
        let event = try question.flatMap { question in
            try threads.messageKey.first(question) { $0.optionalText(0) } ?? nil
        }
        let last = try lastConversation(of: thread.id)
        return Message(
            body: written.body, direction: written.kind == .answer ? .staff : .note,
            authorship: Authorship(
                agent: written.agent, conversation: written.conversation,
                queue: last?.observation.queue,
                event: event),
            inReplyTo: question == nil ? nil : about?.shopID, attachments: written.attachments,
            customer: about?.customer ?? Customer(id: "-"), order: about?.order)
    }

    private func check(_ seen: MessageID?, against question: Int64?) throws {
        guard let seen, let question, question > seen.rawValue else { return }
        throw StoreError.wroteAgain(MessageID(rawValue: question))
    }

    // MARK: - Without an answer

    func dismiss(
        _ name: ThreadName, because reason: String, seen: MessageID?, by actor: String
    ) throws {
        guard let thread = try existingThread(name) else { throw StoreError.notFound }
        try check(seen, against: try question(of: thread.id))
        try dismiss(thread, because: reason, by: actor, at: environment.now())
    }

    func dismiss(
        _ thread: StoredThread, because reason: String, by actor: String, at now: Timestamp
    ) throws {
        try tellingStatus(of: thread.id, at: now) { try setAwaiting(.none, of: $0, at: now) }
        try audit(.dismissed, in: thread.id, by: actor, detail: reason, at: now)
    }

    /// What waits is discarded first, so that no conversation is created only to be ended.
    func close(_ name: ThreadName, by actor: String) throws {
        guard let thread = try existingThread(name) else { throw StoreError.notFound }
        let now = environment.now()
        try tellingStatus(of: thread.id, at: now) { thread in
            try setAwaiting(.none, of: thread, at: now)
            try discardWaiting(of: thread, by: actor, at: now)
            if let (order, route) = try orderToEnd(thread, at: now) {
                try append(order, .message, to: route, in: thread.id)
            }
        }
        try audit(.closed, in: thread.id, by: actor, at: now)
    }

    private func discardWaiting(
        of thread: StoredThread, by actor: String, at now: Timestamp
    ) throws {
        guard let lane = try genesysLane(of: thread) else { return }
        let waiting = try sql.openEntries.all(lane, -1) {
            (id: EntryID(rawValue: $0.integer(0)), isPending: $0.integer(1) == 0)
        }.filter(\.isPending)
        for (id, _) in waiting.reversed() {
            guard var stored = try find(id) else { continue }
            stored.entry.reason = "the thread was closed"
            try move(stored, to: .discarded, at: now, by: actor)
        }
    }

    /// Ends what is live, else what is under way and may become so; `nil` where there is neither.
    private func orderToEnd(
        _ thread: StoredThread, at now: Timestamp
    ) throws -> (Event, Route)? {
        var order = Event(.threadClose, at: now)
        if let live = try liveConversation(of: thread.id) {
            order.conversation = live.observation.reference
        } else if let underWay = try genesysLane(of: thread).flatMap({ lane in
            try sql.openEntries.first(lane, 1) { $0.integer(0) }
        }) {
            order.message = MessageID(rawValue: underWay)
        } else {
            return nil
        }
        return try question(of: thread.id).flatMap { try route(ofEntry: $0) }.map { (order, $0) }
    }

    private func genesysLane(of thread: StoredThread) throws -> Int64? {
        try sql.findLane.first(
            thread.id, DestinationName.genesys.description, LaneKind.message.rawValue
        ) { $0.integer(0) }
    }

    // MARK: - Audit

    func audit(_ record: AuditRecord, in name: ThreadName) throws {
        guard let thread = try existingThread(name) else { throw StoreError.notFound }
        try audit(
            record.action, in: thread.id, by: record.actor, of: record.message,
            detail: record.detail, at: record.at)
    }

    func audit(
        _ action: AuditRecord.Action, in thread: Int64, by actor: String,
        of message: MessageID? = nil, detail: String? = nil, at now: Timestamp
    ) throws {
        try threads.insertAudit.run(
            thread, now.milliseconds, action.rawValue, actor, message?.rawValue, detail)
    }
}
