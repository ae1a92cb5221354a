import Outbox
import TestSupport
import Testing

@testable import SQLiteOutbox

/// The store and its model, and what they are asked.
struct Twins {
    private var temporary: TemporaryStore
    private(set) var store: SQLiteOutbox
    let model: MemoryOutbox
    let clock: ManualClock
    var chances: Chances
    private var entries: [EntryID] = []
    private var claims: [Claim] = []
    private var looks: [Look] = []
    var references: [String] = []
    var files: [FileID] = []
    /// What the model and the store last told of each thread.
    var marks: [ThreadName: (model: String, store: String)] = [:]
    private let routes: [Route] = [.standard, .other]
    private var allRoutes: [Route] {
        routes + [.callback(of: ShopName("shop 0")), .callback(of: ShopName("shop 1"))]
    }
    /// One shop wants to be told all, one only answers, and one has no callback.
    static let aftercare = Aftercare(
        callbacks: [
            ShopName("shop 0"): Set(EventName.forShops), ShopName("shop 1"): [.agentReply],
        ],
        recreateAfter: [.seconds(5), .seconds(10)])

    init(_ clock: ManualClock, _ chances: Chances) async throws {
        temporary = try TemporaryStore()
        store = try await temporary.open(clock, Self.aftercare)
        model = MemoryOutbox(clock.environment, Self.aftercare)
        self.clock = clock
        self.chances = chances
    }

    func remove() async throws {
        await store.close()
        try temporary.remove()
    }

    mutating func step(_ label: Comment) async throws {
        switch number(0..<330) {
        case 200..<230: try await observe(label)
        case 230..<242: try await write(label)
        case 242..<250: try await seeTo(label)
        case 250..<262: try await recreateDue(label)
        case 262..<270: try await readThreads(label)
        case 270..<280: try await settle(label)
        case 280..<300: try await draft(label)
        case 300..<312: try await upload(label)
        case 312..<330: try await readDesk(label)
        case 0..<50: try await accept(label)
        case 50..<80: try await claim(label)
        case 80..<115: try await settle(label)
        case 115..<130: try await look(label)
        case 130..<150: try await settleLook(label)
        case 150..<160: try await perform(label)
        case 160..<165: try await retryDead(label)
        case 165..<170: try await hold(label)
        case 170..<175: try await sweep(label)
        case 175..<180: reach()
        case 180..<183: count()
        case 183..<187: try await prune(label)
        case 187..<190: clock.advance(by: .milliseconds(number(0..<9000)))
        case 190: try await reopen(label)
        case 191: try await crash(label)
        default: try await read(label)
        }
    }

    mutating func pick<Choices: Collection>(_ choices: Choices) -> Choices.Element? {
        choices.randomElement(using: &chances)
    }

    mutating func number(_ range: Range<Int>) -> Int { .random(in: range, using: &chances) }

    // MARK: Writing

    private mutating func accept(_ label: Comment) async throws {
        let hasKey = Bool.random(using: &chances)
        let submission = Submission.example(
            thread: "thread \(number(0..<5))", shop: "shop \(number(0..<3))", route: pick(routes),
            key: hasKey ? "key \(number(0..<200))" : nil, digest: [UInt8(number(0..<2))],
            direction: pick([.customer, .customer, .customer, .staff, .system]) ?? .customer)
        let answer = try await both(label) { store throws(StoreError) in
            try await store.accept(submission)
        }
        if case .success(.accepted(let message)) = answer {
            entries.append(EntryID(firstOf: message))
        }
    }

    private mutating func claim(_ label: Comment) async throws {
        let turns = (0..<number(0..<4)).compactMap { _ in pick(Urgency.allCases) }
        let joining = Bool.random(using: &chances)
        let asked = allRoutes.shuffled(using: &chances).dropFirst(number(0..<3))
        let answer = try await both(label) { store throws(StoreError) in
            ComparableClaims(
                try await store.claim(from: Array(asked), turns: turns, joining: joining))
        }
        claims += try answer.get().result.claims
    }

    /// Genesys gives no two conversations the same.
    private mutating func reference() -> String {
        references.append("conversation \(references.count)")
        return references[references.count - 1]
    }

    private mutating func verdict() -> Verdict {
        let due = clock.now + .seconds(number(0..<20))
        let verdicts: [Verdict] = [
            .delivered(reference: reference()), .delivered(reference: nil),
            .delivered(
                reference: reference(),
                note: pick([nil, "there were two"]) ?? nil,
                lookAt: due),
            .retry(at: due, counts: Bool.random(using: &chances), reason: "again"),
            .resend(reason: "nobody can tell"), .startOver(reason: "it has ended"),
            .inDoubt(reason: "doubtful", lookAt: due, counts: Bool.random(using: &chances)),
            .held(reason: "held"), .dead(reason: "refused"),
        ]
        return pick(verdicts) ?? verdicts[0]
    }

    private mutating func settle(_ label: Comment) async throws {
        guard let claim = pick(claims) else { return }
        // An old claim stays now and then, for a stale settlement.
        if number(0..<4) > 0 { claims.removeAll { $0.fence == claim.fence } }
        var verdict = verdict()
        // What has joined is delivered to what it joined.
        if case .delivered(.some, _, _) = verdict, let live = claim.standing.live,
            number(0..<4) > 0
        {
            verdict = .delivered(reference: live)
        }
        let settlement = Settlement(
            fence: claim.fence,
            report: Report(
                pick([.unknown("lost"), .failed(after: nil, "why")]) ?? .unknown("lost"),
                status: 500, correlation: "c"),
            ends: claim.deliveries.map { Settlement.End($0.entry.id, verdict) })
        try await both(label) { store throws(StoreError) in
            try await store.settle(settlement)
            return true
        }
    }

    private mutating func look(_ label: Comment) async throws {
        let limit = number(0..<5)
        guard let destination = pick(allRoutes)?.destination else { return }
        let found = try await both(label) { store throws(StoreError) in
            try await store.looks(to: destination, limit: limit)
        }
        looks += try found.get().looks
    }

    private mutating func settleLook(_ label: Comment) async throws {
        guard let look = pick(looks) else { return }
        if number(0..<4) > 0 { looks.removeAll { $0 == look } }
        let verdict = verdict()
        try await both(label) { store throws(StoreError) in
            try await store.settle(look, verdict)
            return true
        }
    }

    private mutating func perform(_ label: Comment) async throws {
        let actions: [OperatorAction] = [
            .retry(mayDouble: true), .retry(mayDouble: false), .discard,
            .delivered(reference: reference()),
        ]
        let all = entries + (try await model.entries(EntryQuery(limit: 500))).map(\.id)
        guard let entry = pick(all), let action = pick(actions) else { return }
        try await both(label) { store throws(StoreError) in
            try await store.perform(action, on: entry, by: "anna")
        }
    }

    private mutating func retryDead(_ label: Comment) async throws {
        let limit = number(0..<4)
        try await both(label) { store throws(StoreError) in
            try await store.retryDead(limit: limit, by: "bert")
        }
    }

    private mutating func hold(_ label: Comment) async throws {
        let lane = LaneID(rawValue: Int64(number(1..<25)))
        let held = number(0..<3) == 0
        try await both(label) { store throws(StoreError) in
            try await store.setHold(held, on: lane, by: "carl")
            return true
        }
    }

    private mutating func sweep(_ label: Comment) async throws {
        let known = Set(claims.map(\.fence).filter { _ in Bool.random(using: &chances) })
        try await both(label) { store throws(StoreError) in try await store.sweep(except: known) }
    }

    /// A few pages, or the whole of a round.
    private mutating func prune(_ label: Comment) async throws {
        let cutoff = Cutoff(
            history: clock.now + .seconds(number(-40..<3)),
            threads: clock.now + .seconds(number(-40..<3)),
            files: clock.now + .seconds(number(-40..<3)))
        // Of a thread that is dropped in part nobody is told.
        marks = [:]
        let limit = number(1..<9)
        let pages = pick([1, 2, 1_000_000]) ?? 1
        var place = pick([PruningPlace.start, .threads(after: 0), .files])
        for _ in 0..<pages {
            guard let current = place else { return }
            let page = try await both(label) { store throws(StoreError) in
                try await store.prune(before: cutoff, at: current, limit: limit)
            }
            try await Invariants.check(store, label)
            place = try page.get().next
        }
    }

    private mutating func reach() {
        guard let route = pick(allRoutes) else { return }
        let reachable = Bool.random(using: &chances)
        store.setReachable(reachable, route)
        model.setReachable(reachable, route)
    }

    private mutating func count() {
        guard let call = pick(CallKind.allCases) else { return }
        store.count(call)
        model.count(call)
    }

    // MARK: Opening again

    private mutating func reopen(_ label: Comment) async throws {
        clock.advance(by: .milliseconds(1))
        let reached = store.clocks.reached
        await store.close()
        store = try await temporary.open(clock, Self.aftercare)
        for (route, kept) in store.clocks.reached {
            try #require(kept == reached[route] ?? .zero, label)
        }
        model.reopen(reached: store.clocks.reached, calls: nil)
        try await compareAll(label)
    }

    /// Goes on with what a power cut would leave; of the clocks and counts that may be a little less.
    private mutating func crash(_ label: Comment) async throws {
        clock.advance(by: .milliseconds(1))
        let left = try TemporaryStore()
        try temporary.copy(to: left)
        try await remove()
        temporary = left
        store = try await left.open(clock, Self.aftercare)
        for (call, count) in store.callsThisMonth {
            try #require(count <= model.callsThisMonth[call] ?? 0, label)
        }
        model.reopen(reached: store.clocks.reached, calls: store.callsThisMonth)
        try await compareAll(label)
    }

    // MARK: Reading

    private mutating func read(_ label: Comment) async throws {
        let query = EntryQuery(
            state: pick([nil] + EntryState.allCases.map { $0 }) ?? nil,
            thread: pick([nil, nil, ThreadKey("thread 1")]) ?? nil,
            text: pick([nil, nil, "thread 2", "key 7", references.last]) ?? nil,
            after: pick([nil, pick(entries)]) ?? nil, limit: number(1..<20))
        try await both(label) { store throws(StoreError) in try await store.entries(query) }
        try await both(label) { store throws(StoreError) in try await store.summary() }
    }

    func compareAll(_ label: Comment) async throws {
        try await both(label) { store throws(StoreError) in try await store.summary() }
        try await both(label) { store throws(StoreError) in
            try await store.changes(after: 0, limit: .max)
        }
        try await both(label) { store throws(StoreError) in
            try await store.fences(of: references)
        }
        try #require(store.load.pending == model.load.pending, label)
        try #require(store.callsThisMonth == model.callsThisMonth, label)
        for entry in try await model.entries(EntryQuery(limit: 500)).map(\.id) {
            try await both(label) { store throws(StoreError) in try await store.entry(entry) }
        }
        try await compareThreads(label)
        for entry in entries {
            try await both(label) { store throws(StoreError) in try await store.entry(entry) }
            let message = MessageID(rawValue: entry.rawValue)
            try await both(label) { store throws(StoreError) in
                try await store.receipt(of: message, in: ShopName("shop 1"))
            }
        }
        try await Invariants.check(store, label)
    }

    @discardableResult
    func both<Value: Equatable & Sendable>(
        _ label: Comment, _ body: (any BothStores) async throws(StoreError) -> Value
    ) async throws -> Result<Value, StoreError> {
        let left = await Result(catching: body, store)
        let right = await Result(catching: body, model)
        try #require(left == right, label)
        return left
    }
}

extension Result where Failure == StoreError {
    fileprivate init(
        catching body: (any BothStores) async throws(StoreError) -> Success,
        _ store: any BothStores
    ) async {
        do throws(StoreError) {
            self = .success(try await body(store))
        } catch {
            self = .failure(error)
        }
    }
}

private struct ComparableClaims: Equatable, Sendable {
    let result: ClaimResult

    init(_ result: ClaimResult) { self.result = result }

    static func == (left: Self, right: Self) -> Bool {
        left.result.nextDue == right.result.nextDue
            && left.result.claims.count == right.result.claims.count
            && zip(left.result.claims, right.result.claims).allSatisfy { left, right in
                left.fence == right.fence && left.lane == right.lane && left.route == right.route
                    && left.startedAt == right.startedAt
                    && left.deliveries.map(\.entry) == right.deliveries.map(\.entry)
                    && left.deliveries.map(\.content) == right.deliveries.map(\.content)
                    && left.standing == right.standing
                    && left.deliveries.map(\.age) == right.deliveries.map(\.age)
            }
    }
}
