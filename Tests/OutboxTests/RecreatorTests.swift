import Logging
import ServiceLifecycleTestKit
import Synchronization
import TestSupport
import Testing

@testable import Outbox

@Suite(.timeLimit(.minutes(15)))
struct RecreatorTests {
    private let clock = ManualClock()
    private let looks = Looks()

    @Test func bringsACustomerWhoseConversationEndedBackToGenesys() async throws {
        let store = MemoryOutbox(clock.environment)
        let bench = Workbench(store, clock)
        let entry = try await bench.post()
        try await bench.settle(bench.claimOne(), .delivered(reference: "c1"))
        try await store.observe(Observation(reference: "c1", stage: .ended, end: .system))
        let recreator = Recreator(
            store: store, aftercare: Aftercare(), environment: clock.environment, logger: silent)
        try await during(recreator) {
            try await until { clock.nextAlarm == .seconds(300) }
            clock.advance(by: .seconds(300))
            try await until { try await bench.claim().count == 1 }
        }
        #expect(try await store.entries(EntryQuery(limit: 10)).count == 2)
        #expect(try await store.entry(entry).entry.state == .delivered)
    }

    @Test func sleepsWhereNothingHappens() async throws {
        looks.answer { (0, nil) }
        try await whileRunning { tick in
            try await until { looks.count == 1 }
            #expect(clock.nextAlarm == nil)
            tick()
            try await until { clock.nextAlarm != nil }
            clock.advance(by: .seconds(300))
            try await until { looks.count == 2 && clock.nextAlarm == nil }
        }
    }

    @Test func looksAfterACommitAsLaterAsTheShortestWaitHoweverManyThereAre() async throws {
        looks.answer { (0, nil) }
        try await whileRunning { tick in
            try await until { looks.count == 1 }
            tick()
            try await until { clock.nextAlarm == .seconds(300) }
            clock.advance(by: .seconds(200))
            for _ in 0..<100 { tick() }
            clock.advance(by: .seconds(99))
            #expect(looks.count == 1)
            clock.advance(by: .seconds(1))
            try await until { looks.count == 2 }
        }
    }

    @Test func looksWhenTheNextOneIsDue() async throws {
        let due = clock.now + .seconds(40)
        looks.answer { [clock] in (0, clock.now < due ? due : nil) }
        try await whileRunning { _ in
            try await until { clock.nextAlarm == .seconds(40) }
            clock.advance(by: .seconds(40))
            try await until { looks.count == 2 && clock.nextAlarm == nil }
        }
    }

    @Test func takesPageAfterPage() async throws {
        let left = Mutex(2 * Recreator.page + 1)
        looks.answer {
            left.withLock { left in
                let taken = min(left, Recreator.page)
                left -= taken
                return (taken, nil)
            }
        }
        try await whileRunning { _ in try await until { looks.count == 3 } }
        #expect(left.withLock { $0 } == 0)
    }

    @Test func pausesWhereWhatIsDueCouldNotBeDoneOrTheStoreFails() async throws {
        looks.answer { [clock] in (0, clock.now) }
        try await whileRunning { _ in
            try await until { looks.count == 1 && clock.nextAlarm == .seconds(60) }
            looks.fail()
            clock.advance(by: .seconds(60))
            try await until { looks.count == 2 && clock.nextAlarm == .seconds(60) }
        }
    }

    @Test func withoutAWaitNothingNewBecomesDue() async throws {
        looks.answer { (0, nil) }
        try await whileRunning(Aftercare(recreateAfter: [])) { tick in
            try await until { looks.count == 1 }
            tick()
            for _ in 0..<100 { await Task.yield() }
            #expect(clock.nextAlarm == nil)
        }
    }

    @Test func stopsWhenItIsToldTo() async throws {
        looks.answer { (0, nil) }
        let recreator = recreator(Aftercare(), AsyncStream<Void>.makeStream().stream)
        try await testGracefulShutdown { trigger in
            async let running: Void = recreator.run()
            try await until { looks.count == 1 }
            trigger.triggerGracefulShutdown()
            try await running
        }
    }

    // MARK: Setting the scene

    private let silent = Logger(label: "recreator") { _ in SwiftLogNoOpLogHandler() }

    private func recreator(_ aftercare: Aftercare, _ ticks: AsyncStream<Void>) -> Recreator {
        Recreator(
            aftercare: aftercare, environment: clock.environment, logger: silent, ticks: { ticks }
        ) { _ throws(StoreError) in try looks.look() }
    }

    private func whileRunning(
        _ aftercare: Aftercare = Aftercare(), _ body: (_ tick: () -> Void) async throws -> Void
    ) async throws {
        let (ticks, tick) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await during(recreator(aftercare, ticks)) { try await body { tick.yield() } }
    }

    private func during(_ recreator: Recreator, _ body: () async throws -> Void) async throws {
        let running = Task { try await recreator.run() }
        try await body()
        running.cancel()
        try await running.value
    }

    /// Asks again each time other tasks have run, until it holds.
    private func until(_ condition: () async throws -> Bool) async throws {
        while try await !condition() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}

/// A store that finds due what a test says.
private final class Looks: Sendable {
    typealias Found = (count: Int, nextDue: Timestamp?)

    private struct State {
        var count = 0
        var fails = false
        var answer: @Sendable () -> Found = { (0, nil) }
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.count } }

    func answer(_ answer: @escaping @Sendable () -> Found) {
        state.withLock { $0.answer = answer }
    }

    func fail() { state.withLock { $0.fails = true } }

    func look() throws(StoreError) -> Found {
        let (answer, fails) = state.withLock { state in
            state.count += 1
            return (state.answer, state.fails)
        }
        if fails { throw .unavailable("for a test") }
        return answer()
    }
}
