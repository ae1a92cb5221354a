import Outbox

extension Books {
    mutating func write(_ written: AgentMessage) throws(StoreError) -> Acceptance {
        let key = Key(shop: written.thread.shop, key: written.storedKey)
        if let earlier = keys[key] {
            guard earlier.digest == written.digest else { throw .conflict(with: earlier.message) }
            return .duplicate(
                of: earlier.message,
                thread: messages[earlier.message]?.thread.key ?? written.thread.key)
        }
        let thread = try existing(written.thread)
        let question = question(of: thread)
        if written.kind == .answer { try check(written.seen, question) }
        let files = try files(
            written.attachments.compactMap(\.file), of: thread, by: written.agent.id, areAll: true)
        let about = (question.flatMap { messages[$0] } ?? messages(of: thread).last)?.message
        let event = keys.first { $0.value.message == question }?.key.key.description
        let id = MessageID(rawValue: nextNumber())
        let message = Message(
            body: written.body, direction: written.kind == .answer ? .staff : .note,
            authorship: Authorship(
                agent: written.agent, conversation: written.conversation,
                queue: conversations(of: thread).last?.observation.queue, event: event),
            inReplyTo: question == nil ? nil : about?.shopID,
            attachments: written.attachments.map { attachment in
                files.first { $0.id == attachment.file }?.attachment ?? attachment
            },
            customer: about?.customer ?? Customer(id: "-"), order: about?.order)
        messages[id] = StoredMessage(id: id, thread: thread, message: message)
        keys[key] = (id, written.digest)
        for file in files {
            self.files[file.id]?.file.message = id
            release(file.id)
        }
        if let conversation = written.conversation {
            drop(
                Draft(
                    thread: written.thread, conversation: conversation, agent: written.agent,
                    kind: written.kind, body: "", at: environment.now()))
        }
        dropEmptyDrafts(in: written.thread)
        audit(
            written.kind == .answer ? .answered : .noted, thread,
            written.actor ?? written.agent.id, of: id)
        guard written.kind == .answer else { return .accepted(id) }
        if aftercare.callbacks[thread.shop]?.contains(.agentReply) != true {
            tellingStatus(of: thread) { $0.setTurn(.customer, of: thread) }
        } else {
            append(
                EntryID(firstOf: id), to: thread, by: .callback(of: thread.shop),
                hold: written.hold)
            dropWaiting(thread)
        }
        return .accepted(id)
    }

    private func check(_ seen: MessageID?, _ question: MessageID?) throws(StoreError) {
        if let seen, let question, question > seen { throw .wroteAgain(question) }
    }

    mutating func dismiss(
        _ name: ThreadName, because reason: String, seen: MessageID?, by actor: String
    ) throws(StoreError) {
        let thread = try existing(name)
        try check(seen, question(of: thread))
        dismiss(thread, because: reason, by: actor)
    }

    mutating func recreate(_ name: ThreadName, by actor: String) throws(StoreError) {
        let thread = try existing(name)
        guard threads[thread]?.turn == .agent else {
            throw .notAllowed("the customer waits for no answer")
        }
        guard !isCaredFor(thread) else {
            throw .notAllowed(
                "the customer has a live conversation, or a message or an answer on its way")
        }
        recreate(thread)
        audit(.recreated, thread, actor)
    }

    mutating func close(_ name: ThreadName, by actor: String) throws(StoreError) {
        let thread = try existing(name)
        tellingStatus(of: thread) { books in
            books.setTurn(.none, of: thread)
            let lane = books.laneIDs[
                LaneName(thread: thread, destination: .genesys, kind: .message)]
            let waiting = books.entries.values
                .filter { $0.entry.lane == lane && $0.entry.state == .pending }
                .sorted { $0.position > $1.position }
            for var stored in waiting {
                stored.entry.reason = "the thread was closed"
                books.move(stored, to: .discarded, by: actor)
            }
            let live = books.live(thread)?.observation.reference
            let underWay = lane.flatMap { books.first(in: $0)?.entry.id }
            guard live != nil || underWay != nil, let question = books.question(of: thread),
                let route = books.entries[EntryID(firstOf: question)]?.route
            else { return }
            let order = Event(
                .threadClose, at: books.environment.now(), conversation: live,
                message: live == nil ? underWay.map { MessageID(rawValue: $0.rawValue) } : nil)
            books.append(order, .message, to: route, in: thread)
        }
        audit(.closed, thread, actor)
    }

    // MARK: Reading

    func transcript(of name: ThreadName) throws(StoreError) -> Transcript {
        let thread = try existing(name)
        return Transcript(
            summary: summary(of: thread),
            messages: messages(of: thread).map(line), conversations: records(of: thread))
    }

    private func line(_ stored: StoredMessage) -> Transcript.Line {
        let entry = delivery(of: stored.id)
        let isUntried =
            stored.message.direction == .staff
            && entry.flatMap { entries[$0.id]?.attempts.isEmpty } == true
        let first = entries[EntryID(firstOf: stored.id)]?.entry.reference
        let references = [first, first == entry?.reference ? nil : entry?.reference]
        return Transcript.Line(
            id: stored.id, direction: stored.message.direction, message: stored.message,
            state: entry?.state, reason: entry?.reason, entry: entry?.id,
            conversations: stored.message.direction == .customer
                ? references.compactMap { $0 } : [],
            withdrawableUntil: isUntried ? entry?.dueAt : nil,
            isWithdrawn: withdrawn.contains(stored.id))
    }

    func records(
        of thread: Thread, before end: MessageID = MessageID(rawValue: .max)
    ) -> [ConversationRecord] {
        conversations.filter {
            $0.value.thread == thread && $0.key.rawValue < end.rawValue
        }.sorted { $0.key < $1.key }.map {
            ConversationRecord(
                observation: $0.value.observation, began: $0.key.drawnAt, since: $0.value.since)
        }
    }

    func summary(of thread: Thread) -> ThreadSummary {
        let stored = threads[thread]
        let (turn, since) = (stored?.turn ?? .none, stored?.since ?? environment.now())
        let last = live(thread) ?? conversations(of: thread).last
        let status = status(of: thread)
        let began = status == .waiting || status == .withAgent ? last?.since : nil
        return ThreadSummary(
            thread: name(thread), status: status, since: max(since, began ?? since),
            awaiting: turn,
            conversation: last?.observation.reference)
    }

    func threads(of customer: String, in shop: ShopName, limit: Int) -> [ThreadSummary] {
        threads.filter { $0.key.shop == shop && $0.value.customer == customer }
            .sorted { $0.value.id > $1.value.id }.prefix(limit).map { summary(of: $0.key) }
    }

    func census(after place: CensusPlace, limit: Int) -> CensusPage {
        let waiting = threads.filter {
            $0.value.turn == .agent
                && ($0.value.since, $0.value.id) > (place.since, place.thread)
        }.sorted { ($0.value.since, $0.value.id) < ($1.value.since, $1.value.id) }.prefix(limit)
        let forgotten = waiting.map(\.key).filter { thread in
            let lanes = laneIDs.filter { $0.key.thread == thread && $0.key.kind == .message }
            return live(thread) == nil && !concerns.contains { $0.thread == name(thread) }
                && lanes.values.allSatisfy { first(in: $0) == nil }
        }
        return CensusPage(
            waiting: waiting.count, forgotten: forgotten.map(name),
            next: waiting.count < limit
                ? nil
                : waiting.last.map { CensusPlace(since: $0.value.since, thread: $0.value.id) })
    }
}
