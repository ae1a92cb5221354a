import Foundation
import Outbox
import SQLiteOutbox
import TestSupport
import Testing

/// Both stores do the same random things and have to answer alike.
///
/// `OUTBOX_SEED` repeats one run, `OUTBOX_RUNS` makes more of them.
@Suite(.timeLimit(.minutes(5)))
struct RandomOperationsTests {
    @Test(arguments: seeds)
    func bothStoresAnswerAlike(seed: UInt64) async throws {
        try await withStore { store, clock, _ in
            var twins = Twins(
                one: store, other: MemoryOutbox(clock.environment), clock: clock,
                chances: Chances(seed: seed))
            for step in 0..<800 {
                try await twins.step("seed \(seed), step \(step)")
            }
            try await twins.compareAll("seed \(seed)")
        }
    }

    private static var seeds: [UInt64] {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["OUTBOX_SEED"].flatMap({ UInt64($0) }) { return [seed] }
        let runs = environment["OUTBOX_RUNS"].flatMap { Int($0) } ?? 4
        return (0..<runs).map { _ in .random(in: 0...999_999) }
    }
}

private struct Twins {
    let one: any OutboxStore
    let other: any OutboxStore
    let clock: ManualClock
    var chances: Chances
    var entries: [EntryID] = []
    var claims: [Claim] = []
    let routes: [Route] = [.standard, .other, Route(.default, to: DestinationName("shop"))]

    mutating func step(_ label: Comment) async throws {
        switch Int.random(in: 0..<20, using: &chances) {
        case 0..<6: try await accept(label)
        case 6..<9: try await claim(label)
        case 9..<13: try await settle(label)
        case 13..<15: try await perform(label)
        case 15: try await retryDead(label)
        case 16: try await hold(label)
        case 17: reach()
        case 18: clock.advance(by: .milliseconds(Int64.random(in: 0...9000, using: &chances)))
        default: try await read(label)
        }
    }

    private mutating func pick<Choices: Collection>(_ choices: Choices) -> Choices.Element? {
        choices.randomElement(using: &chances)
    }

    private mutating func number(_ range: Range<Int>) -> Int { .random(in: range, using: &chances) }

    private mutating func accept(_ label: Comment) async throws {
        let hasKey = Bool.random(using: &chances)
        let submission = Submission.example(
            thread: "thread \(number(0..<5))", shop: "shop \(number(0..<2))", route: pick(routes),
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
        let limit = number(0..<4)
        let asked = routes.shuffled(using: &chances).dropFirst(number(0..<3))
        let answer = try await both(label) { store throws(StoreError) in
            ComparableClaims(try await store.claim(from: Array(asked), limit: limit))
        }
        claims += try answer.get().result.claims
    }

    private mutating func settle(_ label: Comment) async throws {
        guard let claim = pick(claims), let entry = claim.deliveries.first?.entry.id else { return }
        // An old claim stays now and then, for a stale settlement.
        if number(0..<4) > 0 { claims.removeAll { $0.fence == claim.fence } }
        let wait = Duration.seconds(number(0..<20))
        let verdicts: [Verdict] = [
            .delivered(reference: "conversation \(number(0..<9))"), .delivered(reference: nil),
            .retry(at: clock.now + wait, counts: Bool.random(using: &chances), reason: "again"),
            .inDoubt(reason: "doubtful", lookAt: clock.now + wait), .held(reason: "held"),
            .dead(reason: "refused"),
        ]
        guard let verdict = pick(verdicts) else { return }
        let settlement = Settlement(
            entry: entry, fence: claim.fence,
            report: Report(.failed(after: nil, "why"), status: 500, correlation: "c"),
            verdict: verdict)
        try await both(label) { store throws(StoreError) in
            try await store.settle(settlement)
            return true
        }
    }

    private mutating func perform(_ label: Comment) async throws {
        let actions: [OperatorAction] = [
            .retry(mayDouble: true), .retry(mayDouble: false), .discard,
            .delivered(reference: "seen"),
        ]
        guard let entry = pick(entries), let action = pick(actions) else { return }
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

    private mutating func reach() {
        guard let route = pick(routes) else { return }
        let reachable = Bool.random(using: &chances)
        one.setReachable(reachable, route)
        other.setReachable(reachable, route)
    }

    private mutating func read(_ label: Comment) async throws {
        let query = EntryQuery(
            state: pick([nil] + EntryState.allCases.map { $0 }) ?? nil,
            thread: pick([nil, nil, ThreadKey("thread 1")]) ?? nil,
            text: pick([nil, nil, "thread 2", "key 7", "conversation 3", "seen"]) ?? nil,
            after: pick([nil, pick(entries)]) ?? nil, limit: number(1..<20))
        try await both(label) { store throws(StoreError) in try await store.entries(query) }
        try await both(label) { store throws(StoreError) in try await store.summary() }
    }

    func compareAll(_ label: Comment) async throws {
        try await both(label) { store throws(StoreError) in try await store.summary() }
        try await both(label) { store throws(StoreError) in
            try await store.changes(after: 0, limit: .max)
        }
        for entry in entries {
            try await both(label) { store throws(StoreError) in try await store.entry(entry) }
            let message = MessageID(rawValue: entry.rawValue)
            try await both(label) { store throws(StoreError) in
                try await store.receipt(of: message, in: ShopName("shop 1"))
            }
        }
    }

    @discardableResult
    private func both<Value: Equatable & Sendable>(
        _ label: Comment, _ body: (any OutboxStore) async throws(StoreError) -> Value
    ) async throws -> Result<Value, StoreError> {
        let left = await Result(catching: body, one)
        let right = await Result(catching: body, other)
        try #require(left == right, label)
        return left
    }
}

extension Result where Failure == StoreError {
    fileprivate init(
        catching body: (any OutboxStore) async throws(StoreError) -> Success,
        _ store: any OutboxStore
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
                    && left.deliveries.map(\.message) == right.deliveries.map(\.message)
                    && left.deliveries.map(\.age) == right.deliveries.map(\.age)
            }
    }
}
