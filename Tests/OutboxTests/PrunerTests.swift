import Logging
import ServiceLifecycleTestKit
import Synchronization
import TestSupport
import Testing

@testable import Outbox

@Suite(.timeLimit(.minutes(15)))
struct PrunerTests {
    private let clock = ManualClock()
    private let pages = Pages()

    @Test func anUploadThatWasNotSentIsKeptForADay() {
        let now = Timestamp(milliseconds: 100_000_000)
        #expect(Retention().cutoff(at: now).files == Timestamp(milliseconds: 13_600_000))
    }

    @Test func makesARoundAMinuteAfterTheStartAndThenEachHour() async throws {
        try await whilePruning { _, _ in
            PrunedPage(next: nil)
        } body: {
            try await until { clock.nextAlarm == .seconds(60) }
            #expect(asked.isEmpty)
            clock.advance(by: .seconds(60))
            try await until { clock.nextAlarm == .seconds(3600) }
            clock.advance(by: .seconds(3600))
            try await until { clock.nextAlarm == .seconds(3600) && asked.count == 2 }
        }
        #expect(asked.map(\.place) == [.start, .start])
        #expect(asked[1].at - asked[0].at == .seconds(3600))
    }

    @Test func restsNineTimesAsLongAsAPageTook() async throws {
        let places: [PruningPlace] = [.history(after: 7), .threads(after: 0), .space]
        try await whilePruning { _, _ in
            clock.advance(by: .milliseconds(3))
            return PrunedPage(next: places.dropFirst(asked.count - 1).first)
        } body: {
            try await until { clock.nextAlarm == .seconds(60) }
            clock.advance(by: .seconds(60))
            for page in 1...4 {
                try await until { asked.count == page && clock.nextAlarm == .milliseconds(27) }
                clock.advance(by: .milliseconds(27))
            }
            try await until { clock.nextAlarm == .seconds(3600) }
        }
        #expect(asked.map(\.place) == [.start] + places)
        #expect(zip(asked, asked.dropFirst()).allSatisfy { $1.at - $0.at == .milliseconds(30) })
        #expect(Set(asked.map(\.cutoff.history)).count == 1)
    }

    @Test func dropsWhatItsRetentionSaysByTheWallClock() async throws {
        let retention = Retention(history: .seconds(100), threads: .seconds(300))
        try await whilePruning(retention) { _, _ in
            PrunedPage(next: nil)
        } body: {
            try await until { clock.nextAlarm == .seconds(60) }
            clock.advance(by: .seconds(60))
            try await until { clock.nextAlarm == .seconds(3600) }
        }
        #expect(asked.map(\.cutoff.history) == [clock.now + .seconds(-100)])
        #expect(asked.map(\.cutoff.threads) == [clock.now + .seconds(-300)])
    }

    @Test func leavesARoundThatFailsToTheNextHour() async throws {
        try await whilePruning { _, _ throws(StoreError) in
            throw .unavailable("the disk is full")
        } body: {
            try await until { clock.nextAlarm == .seconds(60) }
            clock.advance(by: .seconds(60))
            try await until { clock.nextAlarm == .seconds(3600) }
        }
        #expect(asked.count == 1)
    }

    @Test func stopsWithinAPageAndBeginsNoOther() async throws {
        let (inPage, enter) = AsyncStream<Void>.makeStream()
        let pruner = pruner { _, _ in
            enter.yield()
            // Ends with the order to stop.
            for await _ in AsyncStream<Void>.makeStream().stream {}
            return PrunedPage(next: .threads(after: 0))
        }
        try await testGracefulShutdown { trigger in
            async let running: Void = pruner.run()
            try await until { clock.nextAlarm == .seconds(60) }
            clock.advance(by: .seconds(60))
            for await _ in inPage { break }
            trigger.triggerGracefulShutdown()
            try await running
        }
        #expect(asked.count == 1)
    }

    // MARK: Setting the scene

    private typealias Page =
        @Sendable (Cutoff, PruningPlace) async throws(StoreError) -> PrunedPage

    private var asked: [Pages.Page] { pages.asked.withLock { $0 } }

    private func pruner(_ retention: Retention = Retention(), _ page: @escaping Page) -> Pruner {
        var logger = Logger(label: "pruner")
        logger.logLevel = .critical
        return Pruner(retention: retention, environment: clock.environment, logger: logger) {
            cutoff, place throws(StoreError) in
            pages.asked.withLock {
                $0.append(Pages.Page(at: clock.uptime, cutoff: cutoff, place: place))
            }
            return try await page(cutoff, place)
        }
    }

    private func whilePruning(
        _ retention: Retention = Retention(), _ page: @escaping Page,
        body: () async throws -> Void
    ) async throws {
        let pruner = pruner(retention, page)
        let running = Task { try await pruner.run() }
        try await body()
        running.cancel()
        try await running.value
    }

    /// Asks again each time other tasks have run, until it holds.
    private func until(_ condition: () -> Bool) async throws {
        while !condition() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}

/// What was asked for, and when.
private final class Pages: Sendable {
    struct Page: Sendable {
        let at: Duration
        let cutoff: Cutoff
        let place: PruningPlace
    }

    let asked = Mutex<[Page]>([])
}
