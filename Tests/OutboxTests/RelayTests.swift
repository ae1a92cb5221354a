import Logging
import Outbox
import ServiceLifecycleTestKit
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct RelayTests {
    let clock = ManualClock()
    let store: MemoryOutbox
    let genesys: ScriptedDestination

    init() {
        store = MemoryOutbox(clock.environment)
        genesys = ScriptedDestination(environment: clock.environment)
    }

    // MARK: Sending

    @Test func deliversWhatWasAcceptedBeforeItStarted() async throws {
        let id = try await accept("hello", thread: "a")
        try await whileRelaying { _ in try await reached([id: .delivered]) }
        #expect(try await store.entry(id).entry.reference == "conversation of hello")
    }

    @Test func wakesWhenSomethingIsAccepted() async throws {
        try await whileRelaying { _ in
            let id = try await accept("hello", thread: "a")
            try await reached([id: .delivered])
        }
    }

    @Test func keepsTheOrderWithinAThread() async throws {
        genesys.hold("first")
        let first = try await accept("first", thread: "a")
        let second = try await accept("second", thread: "a")
        try await whileRelaying { _ in
            #expect(await nextDelivery() == "first")
            #expect(try await store.entry(second).entry.state == .pending)
            genesys.release("first")
            try await reached([first: .delivered, second: .delivered])
        }
        #expect(genesys.delivered == [first, second])
    }

    @Test func letsNoThreadWaitForAnother() async throws {
        genesys.hold("slow")
        let slow = try await accept("slow", thread: "a")
        let others = try await [
            accept("one", thread: "b"), accept("two", thread: "c"), accept("three", thread: "c"),
        ]
        try await whileRelaying { _ in
            try await reached(Dictionary(uniqueKeysWithValues: others.map { ($0, .delivered) }))
            #expect(try await store.entry(slow).entry.state == .sending)
            genesys.release("slow")
            try await reached([slow: .delivered])
        }
    }

    @Test func goesByThePaceOfTheDestination() async throws {
        let paced = ScriptedDestination(perMinute: 60, environment: clock.environment)
        for number in 0..<12 { _ = try await accept("m\(number)", thread: "t\(number)") }
        try await whileRelaying(paced) { _ in
            try await until { paced.delivered.count == 10 }
            try await until { clock.nextAlarm == .seconds(1) }
            clock.advance(by: .seconds(1))
            try await until { paced.delivered.count == 11 }
        }
    }

    // MARK: Failing

    @Test func triesAgainWhenItIsDueAndNotBefore() async throws {
        genesys.answer("hello", with: .failed(after: nil, "503"))
        let id = try await accept("hello", thread: "a")
        try await whileRelaying { _ in
            #expect(await nextDelivery() == "hello")
            try await reached([id: .pending])
            try await until { clock.nextAlarm == .seconds(5) }
            clock.advance(by: .milliseconds(4999))
            #expect(try await store.entry(id).attempts.count == 1)
            clock.advance(by: .milliseconds(1))
            try await reached([id: .delivered])
        }
        let record = try await store.entry(id)
        #expect(record.attempts.map(\.outcome) == ["failed", "delivered"])
        #expect(record.entry.tries == 2)
    }

    @Test func stopsTheThreadOfAnUnknownOutcomeAndSendsNothingAgain() async throws {
        genesys.answer("first", with: .unknown("reset"))
        let first = try await accept("first", thread: "a")
        let second = try await accept("second", thread: "a")
        let other = try await accept("other", thread: "b")
        try await whileRelaying { _ in
            try await reached([first: .inDoubt, second: .pending, other: .delivered])
            clock.advance(by: .seconds(86_400))
            _ = try await store.perform(.delivered(reference: "c"), on: first, by: "anna")
            try await reached([first: .delivered, second: .delivered])
        }
        #expect(genesys.delivered == [other, second])
    }

    @Test func stopsCallsThatFailOneAfterTheOtherAndTriesOneNowAndThen() async throws {
        for number in 0..<5 { genesys.answer("m\(number)", with: .unknown("500")) }
        try await whileRelaying { relay in
            for number in 0..<5 {
                let id = try await accept("m\(number)", thread: "t\(number)")
                try await reached([id: .inDoubt])
            }
            try await until { await relay.status.destinations[0].stopped[.create] != nil }
            let waiting = [
                try await accept("one", thread: "a"), try await accept("two", thread: "b"),
            ]
            genesys.hold("one")
            clock.advance(by: .seconds(30))
            try await reached([waiting[0]: .sending, waiting[1]: .pending])
            genesys.release("one")
            try await reached([waiting[0]: .delivered, waiting[1]: .delivered])
            #expect(await relay.status.destinations[0].stopped.isEmpty)
        }
    }

    @Test func waitsForAnUnreachableDestinationWithoutSpendingATry() async throws {
        genesys.answer("one", with: .unreachable("refused"), .unreachable("refused"))
        let one = try await accept("one", thread: "a")
        try await whileRelaying { relay in
            #expect(await nextDelivery() == "one")
            try await until { await relay.status.destinations.first?.closed != nil }
            let two = try await accept("two", thread: "b")
            try await until { clock.nextAlarm == .seconds(5) }
            clock.advance(by: .seconds(5))
            #expect(await nextDelivery() == "one")
            try await until { clock.nextAlarm == .seconds(30) }
            clock.advance(by: .seconds(30))
            try await reached([one: .delivered, two: .delivered])
            #expect(await relay.status.destinations.first?.closed == nil)
        }
        let record = try await store.entry(one)
        #expect(record.attempts.map(\.outcome) == ["unreachable", "unreachable", "delivered"])
        #expect(record.entry.tries == 1)
    }

    @Test func stopsOnlyTheRouteThatIsMisconfiguredAndResumesIt() async throws {
        genesys.answer("wrong", with: .misconfigured("403"))
        let wrong = try await accept("wrong", thread: "a", route: "vip")
        let right = try await accept("right", thread: "b")
        try await whileRelaying { relay in
            try await reached([right: .delivered])
            try await until {
                await relay.status.routes.first { $0.name.description == "vip" }?.stopped != nil
            }
            #expect(try await store.entry(wrong).entry.state == .pending)
            try await until { clock.nextAlarm == .seconds(60) }
            clock.advance(by: .seconds(60))
            try await reached([wrong: .delivered])
        }
    }

    @Test func agesNoEntryWhileItsRouteIsStopped() async throws {
        let policy = RetryPolicy(lifetime: .seconds(100))
        genesys.answer("late", with: .unreachable("refused"), .failed(after: nil, "503"))
        let late = try await accept("late", thread: "a")
        try await whileRelaying(policy: policy) { _ in
            #expect(await nextDelivery() == "late")
            try await until { clock.nextAlarm == .seconds(5) }
            clock.advance(by: .seconds(1000))
            #expect(await nextDelivery() == "late")
            try await until { try await store.entry(late).entry.tries == 1 }
            #expect(try await store.entry(late).entry.state == .pending)
        }
    }

    // MARK: Stopping

    @Test func stopsAtOnceWhenNothingIsUnderWay() async throws {
        try await testGracefulShutdown { trigger in
            let relay = relay(genesys)
            async let running: Void = relay.run()
            let id = try await accept("hello", thread: "a")
            try await reached([id: .delivered])
            try await until { await relay.status.inFlight == 0 }
            trigger.triggerGracefulShutdown()
            try await running
        }
    }

    @Test func letsADeliveryUnderWayEndBeforeItStops() async throws {
        genesys.hold("first")
        let first = try await accept("first", thread: "a")
        let second = try await accept("second", thread: "a")
        try await testGracefulShutdown { trigger in
            let relay = relay(genesys)
            async let running: Void = relay.run()
            #expect(await nextDelivery() == "first")
            trigger.triggerGracefulShutdown()
            try await until { clock.nextAlarm == .seconds(20) }
            genesys.release("first")
            try await running
        }
        #expect(try await store.entry(first).entry.state == .delivered)
        #expect(try await store.entry(second).entry.state == .pending)
    }

    @Test func leavesInDoubtWhatDoesNotEndInTime() async throws {
        genesys.hold("stuck")
        let stuck = try await accept("stuck", thread: "a")
        try await testGracefulShutdown { trigger in
            let relay = relay(genesys)
            async let running: Void = relay.run()
            #expect(await nextDelivery() == "stuck")
            trigger.triggerGracefulShutdown()
            try await until { clock.nextAlarm == .seconds(20) }
            clock.advance(by: .seconds(20))
            try await running
        }
        #expect(try await store.entry(stuck).entry.state == .inDoubt)
    }

    // MARK: -

    private func relay(
        _ destination: ScriptedDestination, policy: RetryPolicy = RetryPolicy(),
        sweepInterval: Duration = .seconds(1_000_000)
    ) -> Relay {
        var logger = Logger(label: "relay")
        logger.logLevel = .critical
        return Relay(
            store: store,
            lines: [Line(destination, routes: [.default, RouteName("vip")], policy: policy)],
            environment: clock.environment, logger: logger,
            sweepInterval: sweepInterval)
    }

    func whileRelaying(
        _ destination: ScriptedDestination? = nil, policy: RetryPolicy = RetryPolicy(),
        sweepInterval: Duration = .seconds(1_000_000), _ body: (Relay) async throws -> Void
    ) async throws {
        let relay = relay(
            destination ?? genesys, policy: policy, sweepInterval: sweepInterval)
        let running = Task { try await relay.run() }
        try await body(relay)
        running.cancel()
        try await running.value
    }

    func accept(
        _ body: String, thread: String, route: String = "default"
    ) async throws -> EntryID {
        let acceptance = try await store.accept(
            Submission(
                shop: ShopName("default"), thread: ThreadKey(thread),
                message: Message(body: body, customer: Customer(id: "1")),
                route: Route(RouteName(route)), key: nil, digest: []))
        guard case .accepted(let message) = acceptance else { throw Unexpected() }
        return EntryID(firstOf: message)
    }

    private func nextDelivery() async -> String? {
        for await message in genesys.deliveries { return message.body }
        return nil
    }

    func reached(_ states: [EntryID: EntryState]) async throws {
        for await _ in store.ticks() {
            var all = true
            for (id, state) in states where all {
                all = try await store.entry(id).entry.state == state
            }
            if all { return }
        }
    }

    /// Asks again each time other tasks have run, until it holds.
    func until(_ condition: () async throws -> Bool) async throws {
        while try await !condition() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    private struct Unexpected: Error {}
}
