import Logging
import Outbox
import ServiceLifecycleTestKit
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
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

    // MARK: Looking

    @Test func deliversWhatALookFindsAndDoesNotSendItAgain() async throws {
        genesys.answer("first", with: .unknown("reset"))
        let first = try await accept("first", thread: "a")
        genesys.show(.unseen("not yet"), .found(reference: "c"), of: first)
        let second = try await accept("second", thread: "a")
        try await whileRelaying { _ in
            try await reached([first: .inDoubt])
            try await until { clock.nextAlarm == .seconds(5) }
            clock.advance(by: .seconds(5))
            try await until { clock.nextAlarm == .seconds(10) }
            #expect(try await store.entry(first).entry.reason == "not yet")
            clock.advance(by: .seconds(10))
            try await reached([first: .delivered, second: .delivered])
        }
        let record = try await store.entry(first)
        #expect(record.entry.reference == "c")
        #expect(record.attempts.count == 1)
        #expect(genesys.looked.map(\.entry.id) == [first, first])
    }

    @Test func sendsAgainWhatALookHasProvedAbsentAndLooksOnceMoreForASecond() async throws {
        genesys.answer("hello", with: .unknown("reset"))
        let id = try await accept("hello", thread: "a")
        genesys.show(
            .absent("not there"), .found(reference: "older", note: "also as newer"), of: id)
        try await whileRelaying { _ in
            try await reached([id: .inDoubt])
            try await until { clock.nextAlarm == .seconds(5) }
            clock.advance(by: .seconds(5))
            try await reached([id: .delivered])
            try await until { clock.nextAlarm == .seconds(300) }
            clock.advance(by: .seconds(300))
            try await until { try await store.entry(id).entry.reference == "older" }
        }
        let record = try await store.entry(id)
        #expect(record.attempts.map(\.outcome) == ["unknown", "delivered"])
        #expect(record.entry.reason == "also as newer")
        #expect(record.entry.isPossibleDuplicate == false)
    }

    @Test func leavesToAPersonWhatNobodyCanTell() async throws {
        genesys.answer("first", with: .unknown("reset"))
        let first = try await accept("first", thread: "a")
        genesys.show(.blind("the role lacks it"), of: first)
        let second = try await accept("second", thread: "a")
        try await whileRelaying { _ in
            try await reached([first: .inDoubt])
            try await until { clock.nextAlarm == .seconds(5) }
            clock.advance(by: .seconds(5))
            try await reached([first: .held, second: .pending])
        }
        #expect(try await store.entry(first).entry.reason == "the role lacks it")
    }

    @Test func marksWhatTheSettingSendsAgain() async throws {
        genesys.answer("hello", with: .unknown("reset"))
        let policy = RetryPolicy(doubt: DoubtPolicy(undecided: .resend))
        let id = try await accept("hello", thread: "a")
        genesys.show(.blind("the role lacks it"), of: id)
        try await whileRelaying(policy: policy) { _ in
            try await reached([id: .inDoubt])
            try await until { clock.nextAlarm == .seconds(5) }
            clock.advance(by: .seconds(5))
            try await reached([id: .delivered])
        }
        #expect(try await store.entry(id).entry.isPossibleDuplicate)
    }

    @Test func freesWhatNobodyIsGoingToSettle() async throws {
        let id = try await accept("hello", thread: "a")
        let abandoned = try await store.claim(from: [Route(.default)], limit: 1).claims
        #expect(abandoned.count == 1)
        genesys.show(.found(reference: "c"), of: id)
        try await whileRelaying(sweepInterval: .seconds(30)) { _ in
            try await until { clock.nextAlarm == .seconds(30) }
            clock.advance(by: .seconds(30))
            try await reached([id: .delivered])
        }
        #expect(try await store.entry(id).entry.reference == "c")
    }

    @Test func settlesLaterWhatTheStoreCouldNotTake() async throws {
        store.failSettlements(2)
        let id = try await accept("hello", thread: "a")
        try await whileRelaying(sweepInterval: .seconds(1)) { _ in
            for left in [1, 0] {
                try await until {
                    store.settlementsToFail == left && clock.nextAlarm == .seconds(1)
                }
                #expect(try await store.entry(id).entry.state == .sending)
                clock.advance(by: .seconds(1))
            }
            try await reached([id: .delivered])
        }
        #expect(genesys.delivered == [id])
    }

    @Test func letsANewEntryOutWithinTwoSlotsOfABulkReplay() async throws {
        let paced = ScriptedDestination(perMinute: 60, environment: clock.environment)
        for number in 0..<40 {
            let id = try await accept("old \(number)", thread: "t\(number)")
            let claim = try await store.claim(from: [Route(.default)], limit: 1).claims[0]
            try await store.settle(
                Settlement(
                    entry: id, fence: claim.fence, report: Report(.refused("400")),
                    verdict: .dead(reason: "400")))
        }
        _ = try await store.retryDead(limit: 40, by: "anna")
        try await whileRelaying(paced) { _ in
            try await until { paced.delivered.count == 10 }
            for count in 11...25 {
                try await until { clock.nextAlarm == .seconds(1) }
                clock.advance(by: .seconds(1))
                try await until { paced.delivered.count == count }
            }
            let new = try await accept("new", thread: "new")
            for count in 26...27 {
                try await until { clock.nextAlarm == .seconds(1) }
                clock.advance(by: .seconds(1))
                try await until { paced.delivered.count == count }
            }
            #expect(paced.delivered.suffix(2).contains(new))
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
            lines: [Line(destination, routes: [.default, RouteName("vip")])],
            policy: policy, environment: clock.environment, logger: logger,
            sweepInterval: sweepInterval)
    }

    private func whileRelaying(
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

    private func accept(
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

    private func reached(_ states: [EntryID: EntryState]) async throws {
        for await _ in store.ticks() {
            var all = true
            for (id, state) in states where all {
                all = try await store.entry(id).entry.state == state
            }
            if all { return }
        }
    }

    /// Asks again each time other tasks have run, until it holds.
    private func until(_ condition: () async throws -> Bool) async throws {
        while try await !condition() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    private struct Unexpected: Error {}
}
