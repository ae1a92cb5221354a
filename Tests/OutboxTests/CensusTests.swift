import Logging
import Outbox
import ServiceLifecycle
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct CensusTests {
    private let clock = ManualClock()

    @Test func countsWhoWaitsAndWhoIsForgottenOnceAMinute() async throws {
        let store = MemoryOutbox(clock.environment, Aftercare(seesToUnanswered: false))
        let bench = Workbench(store, clock)
        _ = try await bench.post("a")
        let census = Census(
            store: store, environment: clock.environment,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(census.last == nil)
        let running = Task { try await census.run() }
        try await until(census) { $0?.waiting == 1 && $0?.forgotten == 0 }
        _ = try await bench.settle(bench.claimOne(), .delivered(reference: "c"))
        try await store.observe(Observation(reference: "c", stage: .ended, end: .system))
        try await until(census) { $0?.forgotten == 1 }
        running.cancel()
        try await running.value
    }

    /// Lets the minutes pass until it holds.
    private func until(
        _ census: Census, _ holds: (Census.Count?) -> Bool
    ) async throws {
        for _ in 0..<100_000 {
            if holds(census.last) { return }
            clock.advance(by: .seconds(60))
            await Task.yield()
        }
        Issue.record("it was never counted so: \(String(describing: census.last))")
    }
}
