import Outbox

/// What a memory outbox keeps, and the rules by which it changes.
struct Books: Sendable {
    struct Thread: Hashable {
        let shop: ShopName
        let key: ThreadKey
    }

    struct StoredMessage {
        let id: MessageID
        let thread: Thread
        let message: Message
    }

    struct StoredFile {
        var file: KeptFile
        var parts: [[UInt8]] = []

        var isComplete: Bool { parts.map(\.count).reduce(0, +) == file.size }
    }

    struct StoredThread {
        let id: Int64
        var turn: Awaiting
        var since: Timestamp
        let customer: String?
    }

    struct Key: Hashable {
        let shop: ShopName
        let key: IdempotencyKey
    }

    struct StoredEntry {
        var entry: Entry
        let route: Route
        var position: Int64
        var urgency = Urgency.new
        var reachBase: Duration
        var fence = Fence(rawValue: 0)
        var attempts: [AttemptRecord] = []
        var doubted: Fence?
        var looks = 0
        var lookAt: Timestamp?
        var joins: String?
        var joinsLast: EntryID?
    }

    struct StoredConversation {
        let thread: Thread
        var observation: Observation
        var since: Timestamp
    }

    struct StoredLane {
        let id: LaneID
        var isHeld = false
        /// When its first entry may be claimed; `nil` if it may not.
        var dueAt: Timestamp?
    }

    struct LaneName: Hashable {
        let thread: Thread
        let destination: DestinationName
        let kind: LaneKind
    }

    let environment: Environment
    let aftercare: Aftercare
    var events: [EntryID: (thread: Thread, event: Event)] = [:]
    var conversations: [ConversationID: StoredConversation] = [:]
    var strangers: [String: Observation] = [:]
    var concerns: [Concern] = []
    var audits: [(thread: Thread, record: AuditRecord)] = []
    var messages: [MessageID: StoredMessage] = [:]
    var withdrawn: Set<MessageID> = []
    var drafts: [Draft] = []
    var files: [FileID: StoredFile] = [:]
    var linked: [(thread: Thread, conversation: LinkedConversation)] = []
    var logins: [[UInt8]: (sealed: [UInt8], until: Timestamp)] = [:]
    var keys: [Key: (message: MessageID, digest: [UInt8])] = [:]
    var threads: [Thread: StoredThread] = [:]
    var laneIDs: [LaneName: LaneID] = [:]
    var lanes: [LaneID: StoredLane] = [:]
    var entries: [EntryID: StoredEntry] = [:]
    var changes: [Change] = []
    var reach: [Route: ReachClock] = [:]
    var calls: [String: [CallKind: Int]] = [:]
    var binding: Binding?
    private var identifiers = IdentifierSource()

    init(_ environment: Environment, _ aftercare: Aftercare) {
        self.environment = environment
        self.aftercare = aftercare
    }

    // MARK: Intake

    mutating func accept(_ submission: Submission) throws(StoreError) -> Acceptance {
        let key = submission.key.map { Key(shop: submission.shop, key: $0) }
        if let key, let earlier = keys[key] {
            guard earlier.digest == submission.digest else {
                throw .conflict(with: earlier.message)
            }
            let thread = messages[earlier.message]?.thread.key
            return .duplicate(of: earlier.message, thread: thread ?? submission.thread)
        }
        let now = environment.now()
        let id = MessageID(rawValue: nextNumber())
        let thread = Thread(shop: submission.shop, key: submission.thread)
        messages[id] = StoredMessage(id: id, thread: thread, message: submission.message)
        if let key { keys[key] = (id, submission.digest) }
        let turn = Awaiting.after(submission.message.direction)
        if let known = threads[thread] {
            if let turn, turn != known.turn {
                tellingStatus(of: thread) { $0.setTurn(turn, of: thread) }
            }
        } else {
            threads[thread] = StoredThread(
                id: (threads.values.map(\.id).max() ?? 0) + 1, turn: turn ?? .none, since: now,
                customer: submission.message.customer.key)
        }
        if let route = submission.route { append(EntryID(firstOf: id), to: thread, by: route) }
        return .accepted(id)
    }

    mutating func append(
        _ id: EntryID, of subject: MessageID? = nil, _ kind: LaneKind = .message,
        to thread: Thread, by route: Route, hold: Duration = .zero
    ) {
        let now = environment.now() + hold
        let name = LaneName(thread: thread, destination: route.destination, kind: kind)
        let newest = lanes.keys.max()?.rawValue ?? 0
        let lane = laneIDs[name] ?? LaneID(rawValue: newest + 1)
        laneIDs[name] = lane
        let wasEmpty = first(in: lane) == nil
        let entry = Entry(
            id: id, message: subject ?? MessageID(rawValue: id.rawValue), shop: thread.shop,
            thread: thread.key, lane: lane, kind: kind, destination: route.destination,
            route: route.name, state: .pending, dueAt: now, tries: 0, reason: nil, reference: nil)
        entries[id] = StoredEntry(
            entry: entry, route: route, position: id.rawValue, reachBase: reached(route))
        if lanes[lane] == nil { lanes[lane] = StoredLane(id: lane) }
        if wasEmpty { advance(lane) }
        record(entry)
    }

    // MARK: Relay

    mutating func claim(from routes: [Route], turns: [Urgency], joining: Bool) -> ClaimResult {
        let claims = candidates(from: routes, turns: turns).compactMap {
            claim($0.entry, joining: joining)
        }
        return ClaimResult(claims: claims, nextDue: waiting(for: routes).map(\.dueAt).min())
    }

    private mutating func claim(_ head: EntryID, joining: Bool) -> Claim? {
        guard let first = entries[head] else { return nil }
        let now = environment.now()
        let standing = standing(of: first)
        let joins = joining && message(of: first) != nil ? standing.live : nil
        let fence = Fence(rawValue: lastChange + 1)
        var deliveries: [Claim.Delivery] = []
        let group = joins == nil ? [first] : group(from: first)
        for var stored in group {
            stored.fence = fence
            stored.joins = joins
            stored.joinsLast = joins == nil ? nil : group.last?.entry.id
            stored.attempts.append(
                AttemptRecord(
                    number: stored.attempts.count + 1, fence: fence, startedAt: now, endedAt: nil,
                    outcome: nil, reason: nil, status: nil, correlation: nil))
            stored.entry.reason = nil
            let entry = move(stored, to: .sending)
            deliveries.append(
                Claim.Delivery(entry: entry, content: content(of: stored), age: age(of: stored)))
        }
        return Claim(
            fence: fence, lane: first.entry.lane, route: first.route, deliveries: deliveries,
            startedAt: now, standing: standing)
    }

    private func group(from first: StoredEntry) -> [StoredEntry] {
        let open = entries.values
            .filter { $0.entry.lane == first.entry.lane && $0.entry.state.isOpen }
            .sorted { $0.position < $1.position }
        return Array(
            open.prefix(50).prefix {
                $0.entry.id == first.entry.id
                    || $0.entry.state == .pending && $0.route == first.route
                        && $0.entry.dueAt.map { $0 <= environment.now() } == true
                        && message(of: $0) != nil
            })
    }

    func message(of stored: StoredEntry) -> Message? { messages[stored.entry.message]?.message }

    private func content(of stored: StoredEntry) -> Content? {
        message(of: stored).map { .message($0) } ?? events[stored.entry.id].map { .event($0.event) }
    }

    private struct Candidate {
        let urgency: Urgency
        let dueAt: Timestamp
        let lane: LaneID
        let entry: EntryID
    }

    /// First those whose turn it is, then the most urgent for the turns that are left.
    private func candidates(from routes: [Route], turns: [Urgency]) -> [Candidate] {
        var due = waiting(for: routes).filter { $0.dueAt <= environment.now() }.sorted {
            ($0.urgency.rawValue, $0.dueAt, $0.lane) < ($1.urgency.rawValue, $1.dueAt, $1.lane)
        }
        var chosen: [Candidate] = []
        for urgency in Urgency.allCases {
            let share = turns.filter { $0 == urgency }.count
            let taken = due.filter { $0.urgency == urgency }.prefix(share)
            due.removeAll { candidate in taken.contains { $0.lane == candidate.lane } }
            chosen += taken
        }
        return chosen + due.prefix(turns.count - chosen.count)
    }

    private func waiting(for routes: [Route]) -> [Candidate] {
        lanes.values.compactMap { lane in
            guard let due = lane.dueAt, let head = first(in: lane.id), routes.contains(head.route)
            else { return nil }
            return Candidate(
                urgency: head.urgency, dueAt: due, lane: lane.id, entry: head.entry.id)
        }
    }

    mutating func settle(_ settlement: Settlement) throws(StoreError) {
        for end in settlement.ends {
            guard let stored = entries[end.entry], stored.entry.state == .sending,
                stored.fence == settlement.fence
            else { throw .stale }
        }
        let report = settlement.report
        for (place, end) in settlement.ends.enumerated() {
            guard var stored = entries[end.entry] else { continue }
            let last = stored.attempts.count - 1
            stored.attempts[last].endedAt = environment.now()
            stored.attempts[last].outcome = report.outcome.label
            stored.attempts[last].reason = report.outcome.reason
            stored.attempts[last].status = report.status
            stored.attempts[last].correlation = report.correlation
            apply(end.verdict, to: &stored)
            if case .inDoubt = end.verdict { beginDoubt(of: &stored) }
            if place > 0 { stored.lookAt = nil }
            switch end.verdict {
            case .startOver:
                if let joins = stored.joins {
                    _ = observe(Observation(reference: joins, stage: .ended, end: .unknown))
                }
                let live = live(thread(of: stored))?.observation.reference
                if stored.joins == nil || live == stored.joins {
                    stored.entry.dueAt = environment.now() + .seconds(60)
                }
            case .retry(_, counts: false, _): break
            default: stored.entry.tries += 1
            }
            move(stored, to: end.verdict.state)
        }
    }

    // MARK: Operator

    mutating func perform(
        _ action: OperatorAction, on id: EntryID, by actor: String
    ) throws(StoreError) -> Entry {
        guard let stored = entries[id] else { throw .notFound }
        let next = try action.state(after: stored.entry.state)
        let isShared = stored.entry.state.isOpen && action != .discard
        for other in isShared ? companions(of: stored) : [] {
            if let other = entries[other], other.entry.state == stored.entry.state {
                _ = perform(action, on: other, next, by: actor)
            }
        }
        return perform(action, on: stored, next, by: actor)
    }

    private mutating func perform(
        _ action: OperatorAction, on stored: StoredEntry, _ next: EntryState, by actor: String
    ) -> Entry {
        var stored = stored
        switch action {
        case .retry:
            if stored.entry.state != .dead { stored.entry.isPossibleDuplicate = true }
            renew(&stored, urgency: .retry)
        case .discard: break
        case .delivered(let reference):
            stored.entry.reference = reference
            stored.entry.reason = nil
        }
        stored.lookAt = nil
        return move(stored, to: next, by: actor)
    }

    mutating func retryDead(limit: Int, by actor: String) -> Int {
        let dead = entries.values.filter { $0.entry.state == .dead }
            .sorted { $0.entry.id < $1.entry.id }.prefix(limit)
        for var stored in dead {
            renew(&stored, urgency: .bulk)
            move(stored, to: .pending, by: actor)
        }
        return dead.count
    }

    private mutating func renew(_ stored: inout StoredEntry, urgency: Urgency) {
        if !stored.entry.state.isOpen { stored.position = nextNumber() }
        stored.urgency = urgency
        stored.reachBase = reached(stored.route)
        stored.entry.dueAt = environment.now()
        stored.entry.tries = 0
        stored.entry.reason = nil
    }

    mutating func setHold(_ held: Bool, on lane: LaneID, by actor: String) throws(StoreError) {
        guard let stored = lanes[lane] else { throw .notFound }
        guard stored.isHeld != held else { return }
        lanes[lane]?.isHeld = held
        advance(lane)
        guard var head = first(in: lane)?.entry else { return }
        head.reason = held ? "lane held" : "lane released"
        record(head, by: actor)
    }

    // MARK: Rules

    func first(in lane: LaneID) -> StoredEntry? {
        entries.values.filter { $0.entry.lane == lane && $0.entry.state.isOpen }
            .min { $0.position < $1.position }
    }

    @discardableResult
    mutating func move(
        _ stored: StoredEntry, to state: EntryState, by actor: String? = nil
    ) -> Entry {
        var stored = stored
        let lane = stored.entry.lane
        let before = first(in: lane)?.entry.id
        let old = stored.entry.state
        stored.entry.state = state
        if state != .pending { stored.entry.dueAt = nil }
        entries[stored.entry.id] = stored
        record(stored.entry, by: actor)
        if before == nil || before == stored.entry.id { advance(lane) }
        follow(stored, from: old, by: actor)
        return stored.entry
    }

    /// Makes a lane due if its first entry may be claimed.
    private mutating func advance(_ lane: LaneID) {
        let head = first(in: lane)?.entry
        if let head, head.state == .inDoubt, entries[head.id]?.lookAt == nil {
            entries[head.id]?.lookAt = environment.now()
        }
        let isDue = lanes[lane]?.isHeld == false && head?.state == .pending
        lanes[lane]?.dueAt = isDue ? head?.dueAt.map { max($0, environment.now()) } : nil
    }

    /// The newest change is never dropped.
    var lastChange: Int64 { changes.last?.sequence ?? 0 }

    private mutating func record(_ entry: Entry, by actor: String? = nil) {
        changes.append(
            Change(
                sequence: lastChange + 1, entry: entry.id, shop: entry.shop,
                thread: entry.thread, state: entry.state, at: environment.now(),
                reason: entry.reason, actor: actor))
    }

    func age(of stored: StoredEntry) -> Duration {
        max(.zero, reached(stored.route) - stored.reachBase)
    }

    private func reached(_ route: Route) -> Duration {
        reach[route]?.value(at: environment.uptime()) ?? .zero
    }

    mutating func nextNumber() -> Int64 {
        identifiers.next(
            at: environment.now(), chance: UInt32(environment.chance() * 0x10_0000))
    }
}
