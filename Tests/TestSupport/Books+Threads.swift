import Outbox

extension Books {
    func name(_ thread: Thread) -> ThreadName { ThreadName(thread.shop, thread.key) }

    func existing(_ name: ThreadName) throws(StoreError) -> Thread {
        let thread = Thread(shop: name.shop, key: name.key)
        guard threads[thread] != nil else { throw .notFound }
        return thread
    }

    func thread(of stored: StoredEntry) -> Thread {
        Thread(shop: stored.entry.shop, key: stored.entry.thread)
    }

    func question(of thread: Thread) -> MessageID? {
        messages(of: thread).last { $0.message.direction == .customer }?.id
    }

    /// The newest entry of a message.
    func delivery(of message: MessageID) -> Entry? {
        entries.values.map(\.entry).filter { $0.message == message }.max { $0.id < $1.id }
    }

    mutating func setTurn(_ turn: Awaiting, of thread: Thread) {
        guard threads[thread]?.turn != turn else { return }
        threads[thread]?.turn = turn
        threads[thread]?.since = environment.now()
        if turn != .agent { dropWaiting(thread) }
    }

    // MARK: Conversations

    func standing(of stored: StoredEntry) -> Standing {
        guard stored.route.destination == .genesys else { return Standing() }
        if let order = events[stored.entry.id]?.event {
            let ended = order.message.flatMap { entries[EntryID(firstOf: $0)]?.entry.reference }
            return Standing(live: order.conversation ?? ended)
        }
        let thread = thread(of: stored)
        if let live = live(thread) { return Standing(live: live.observation.reference) }
        let all = conversations(of: thread)
        return Standing(earlier: all.count, lastAgent: all.compactMap(\.observation.agent).last)
    }

    func conversations(of thread: Thread) -> [StoredConversation] {
        conversations.filter { $0.value.thread == thread }.sorted { $0.key < $1.key }.map(\.value)
    }

    func live(_ thread: Thread) -> StoredConversation? {
        conversations(of: thread).last { $0.observation.stage.isLive }
    }

    mutating func observe(_ seen: Observation) -> Bool {
        let ours = conversations.first { $0.value.observation.reference == seen.reference }
        guard let (id, stored) = ours else {
            strangers[seen.reference] = seen
            return false
        }
        let new = stored.observation.updated(by: seen)
        guard new != stored.observation else { return true }
        let thread = stored.thread
        tellingStatus(of: thread) { books in
            if new.stage != stored.observation.stage {
                books.conversations[id]?.since = books.environment.now()
            }
            books.conversations[id]?.observation = new
            let old = stored.observation
            if new.stage == .ended,
                old.stage != .ended || new.end != old.end || new.wasAccepted != old.wasAccepted
            {
                books.reconsider(thread)
            }
            for var event in new.events(after: stored.observation, at: books.environment.now()) {
                if event.name == .conversationEnded { event.answered = books.isAnswered(thread) }
                books.tell(event, of: thread)
            }
        }
        return true
    }

    // MARK: Events

    func status(of thread: Thread) -> ThreadStatus {
        let known = live(thread) ?? conversations(of: thread).last
        return ThreadStatus(threads[thread]?.turn ?? .none, known?.observation.stage)
    }

    mutating func tellingStatus(of thread: Thread, _ change: (inout Books) -> Void) {
        let old = status(of: thread)
        change(&self)
        let new = status(of: thread)
        if new != old {
            tell(Event(.threadStatus, at: environment.now(), status: new), of: thread)
        }
    }

    mutating func tell(_ event: Event, of thread: Thread) {
        guard aftercare.callbacks[thread.shop]?.contains(event.name) == true else { return }
        append(event, .event, to: .callback(of: thread.shop), in: thread)
    }

    mutating func append(_ event: Event, _ kind: LaneKind, to route: Route, in thread: Thread) {
        let id = EntryID(rawValue: nextNumber())
        events[id] = (thread, event)
        append(id, kind, to: thread, by: route)
    }

    // MARK: What follows

    mutating func follow(_ stored: StoredEntry, from old: EntryState, by actor: String?) {
        let entry = stored.entry
        let ends: [EntryState] = [.delivered, .dead, .discarded]
        guard entry.kind == .message, entry.state != old,
            ends.contains(entry.state) || ends.contains(old)
        else { return }
        let thread = thread(of: stored)
        if entry.destination != .genesys {
            followToShop(entry, of: thread, from: old)
        } else if entry.state == .delivered, let reference = entry.reference,
            begin(reference, of: thread)
        {
        } else {
            if entry.state == .dead, let dead = messages[entry.message] {
                tell(
                    Event(
                        .messageDead, at: environment.now(), message: entry.message,
                        shopMessageID: dead.message.shopID, reason: entry.reason),
                    of: thread)
            }
            reconsider(thread, by: actor)
        }
    }

    @discardableResult
    mutating func begin(_ reference: String, of thread: Thread) -> Bool {
        let isKnown = conversations.values.contains { $0.observation.reference == reference }
        guard !isKnown else { return false }
        let now = environment.now()
        tellingStatus(of: thread) { books in
            books.conversations[ConversationID(rawValue: books.nextNumber())] =
                StoredConversation(
                    thread: thread,
                    observation: Observation(reference: reference, stage: .waiting), since: now)
            books.tell(
                Event(.conversationStarted, at: now, conversation: reference), of: thread)
        }
        dropWaiting(thread)
        if let seen = strangers.removeValue(forKey: reference) { _ = observe(seen) }
        return true
    }

    private mutating func followToShop(_ entry: Entry, of thread: Thread, from old: EntryState) {
        if old == .dead { concerns.removeAll { $0.entry == entry.id } }
        switch entry.state {
        case .delivered:
            guard openQuestion(of: thread) == nil else { return }
            tellingStatus(of: thread) { $0.setTurn(.customer, of: thread) }
        case .dead:
            concerns.append(
                Concern(
                    kind: .refused, thread: name(thread), since: environment.now(), dueAt: nil,
                    entry: entry.id,
                    reason: entry.reason ?? "the shop did not take the answer"))
        default: reconsider(thread)
        }
    }

    // MARK: Concerns

    func isAnswered(_ thread: Thread) -> Bool {
        guard threads[thread]?.turn == .agent else { return true }
        let question = openQuestion(of: thread) ?? MessageID(rawValue: 0)
        return messages(of: thread).contains { message in
            message.id > question && message.message.direction == .staff
                && entries[EntryID(firstOf: message.id)].map {
                    $0.entry.state != .discarded && $0.entry.state != .delivered
                } == true
        }
    }

    /// The newest that was asked since the last answer, and not given up.
    func openQuestion(of thread: Thread) -> MessageID? {
        let answered = messages(of: thread).last { message in
            message.message.direction == .staff
                && entries[EntryID(firstOf: message.id)].map { $0.entry.state == .delivered }
                    ?? true
        }
        return messages(of: thread).last { message in
            message.message.direction == .customer
                && message.id > answered?.id ?? .init(rawValue: 0)
                && delivery(of: message.id).map { $0.state != .discarded } == true
        }?.id
    }

    func isCaredFor(_ thread: Thread) -> Bool {
        let isBusy = entries.values.contains {
            self.thread(of: $0) == thread && $0.entry.destination == .genesys
                && $0.entry.kind == .message && $0.entry.state.isOpen
        }
        return isBusy || live(thread) != nil || isAnswered(thread)
    }

    mutating func dropWaiting(_ thread: Thread) {
        let name = name(thread)
        concerns.removeAll { $0.thread == name && $0.kind != .refused }
    }

    mutating func reconsider(_ thread: Thread, by actor: String? = nil) {
        dropWaiting(thread)
        guard aftercare.seesToUnanswered, threads[thread]?.turn == .agent, !isCaredFor(thread)
        else { return }
        guard let question = openQuestion(of: thread) else {
            guard let actor else { return add("nothing is left of what was asked", thread) }
            return dismiss(thread, because: "its message was discarded", by: actor)
        }
        let delivery = delivery(of: question)
        let again = entries.values.filter {
            $0.entry.message == question && $0.entry.id.rawValue != question.rawValue
        }.count
        guard delivery?.state != .dead else {
            return add("it could not be delivered: \(delivery?.reason ?? "unknown")", thread)
        }
        guard let last = conversations(of: thread).last?.observation else {
            return add("nothing is known of its conversation", thread)
        }
        let fate = aftercare.fate(
            wasAccepted: last.wasAccepted, end: last.end ?? .unknown, recreations: again)
        switch fate {
        case .recreate(let wait):
            add("ended before any agent took it", thread, .again, environment.now() + wait)
        case .concern(let reason): add(reason, thread)
        }
    }

    private mutating func add(
        _ reason: String, _ thread: Thread, _ kind: Concern.Kind = .unanswered,
        _ dueAt: Timestamp? = nil
    ) {
        concerns.append(
            Concern(
                kind: kind, thread: name(thread),
                since: threads[thread]?.since ?? environment.now(), dueAt: dueAt, entry: nil,
                reason: reason))
    }

    mutating func recreateDue(limit: Int) -> (Int, Timestamp?) {
        let now = environment.now()
        let due = concerns.filter { $0.dueAt.map { $0 <= now } == true }
            .sorted { ($0.dueAt ?? now) < ($1.dueAt ?? now) }.prefix(limit)
        for concern in due {
            let thread = Thread(shop: concern.thread.shop, key: concern.thread.key)
            if isCaredFor(thread) { dropWaiting(thread) } else { recreate(thread) }
        }
        return (due.count, concerns.compactMap(\.dueAt).min())
    }

    mutating func recreate(_ thread: Thread) {
        dropWaiting(thread)
        guard let question = openQuestion(of: thread),
            let first = entries[EntryID(firstOf: question)]
        else { return add("nothing is left of what was asked", thread) }
        append(EntryID(rawValue: nextNumber()), of: question, to: thread, by: first.route)
    }

    mutating func dismiss(_ thread: Thread, because reason: String, by actor: String) {
        tellingStatus(of: thread) { $0.setTurn(.none, of: thread) }
        audit(.dismissed, thread, actor, detail: reason)
    }

    mutating func audit(
        _ action: AuditRecord.Action, _ thread: Thread, _ actor: String,
        of message: MessageID? = nil, detail: String? = nil
    ) {
        audits.append(
            (
                thread,
                AuditRecord(
                    at: environment.now(), action: action, actor: actor, message: message,
                    detail: detail)
            ))
    }
}
