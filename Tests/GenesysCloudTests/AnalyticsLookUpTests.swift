import GenesysCloud
import Outbox
import Sandbox
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct AnalyticsLookUpTests {
    @Test func findsWhatWasCreatedThoughItsAnswerWasLost() async throws {
        try await Bench.with { bench in
            try await bench.delivered(1)
            try await bench.doubted(2)
            let created = try await bench.conversation(of: 2)
            #expect(await bench.look(for: 2) == .found(reference: created.id))
        }
    }

    @Test func isSureOfAnAbsenceOnlyWithALaterConversationInSight() async throws {
        try await Bench.with { bench in
            try await bench.delivered(1)
            try await bench.doubted(2, applied: false)
            let first = await bench.look(for: 2)
            #expect(first.label == "unseen")
            #expect(first.says("nothing yet that was created after the attempt"))
            let later = try await bench.delivered(3)
            let second = await bench.look(for: 2)
            #expect(second.label == "absent")
            #expect(second.says("analytics shows \(later)"))
        }
    }

    @Test func waitsForAnIndexThatIsBehind() async throws {
        try await Bench.with { bench in
            await bench.sandbox.change { $0.analyticsLag = 3600 }
            try await bench.delivered(1)
            try await bench.doubted(2)
            try await bench.delivered(3)
            #expect(await bench.look(for: 2).label == "unseen")
            bench.genesys.advance(by: .seconds(3600))
            #expect(await bench.look(for: 2).reference != nil)
        }
    }

    @Test func concludesNothingFromAnIndexThatMovesOnBetweenItsCalls() async throws {
        try await Bench.with { bench in
            await bench.sandbox.change { $0.analyticsLag = 3600 }
            try await bench.doubted(2)
            try await bench.delivered(3)
            await bench.sandbox.plan(.init(on: .lookUp, do: .hold, skip: 1))
            async let sighting = bench.look(for: 2)
            try await bench.sandbox.held()
            await bench.sandbox.change { $0.analyticsLag = 0 }
            await bench.sandbox.release()
            #expect(await sighting.reference != nil)
        }
    }

    @Test func takesNobodyElsesConversationForALaterOne() async throws {
        try await Bench.with { bench in
            try await bench.doubted(2, applied: false)
            // One that no entry is known of, and one whose first attempt came before the doubt.
            _ = await bench.deliver(3)
            let retried = try await bench.delivered(4)
            bench.books.fences.withLock {
                $0[retried] = Fence(rawValue: 1)...Fence(rawValue: 4)
            }
            #expect(await bench.look(for: 2).label == "unseen")
        }
    }

    @Test(arguments: [-23, -3, 3, 23])
    func trustsNoClock(hoursAhead: Int) async throws {
        try await Bench.with(ahead: .seconds(hoursAhead * 3600)) { bench in
            try await bench.doubted(2)
            try await bench.doubted(3, applied: false)
            #expect(await bench.look(for: 3).label == "unseen")
            try await bench.delivered(4)
            #expect(await bench.look(for: 2).reference != nil)
            #expect(await bench.look(for: 3).label == "absent")
        }
    }

    @Test(arguments: [-20, 20])
    func findsItAfterTheClockWasSet(hours: Int) async throws {
        try await Bench.with { bench in
            let attemptedAt = bench.clock.now
            try await bench.doubted(2)
            bench.clock.setWall(attemptedAt + .seconds(hours * 3600))
            #expect(await bench.look(for: 2, attemptedAt: attemptedAt).reference != nil)
        }
    }

    @Test func seesNothingOfAnAttemptThatIsTooLongAgo() async throws {
        try await Bench.with { bench in
            let attemptedAt = bench.clock.now
            bench.clock.advance(by: .seconds(30 * 24 * 3600))
            let sighting = await bench.look(for: 2, attemptedAt: attemptedAt)
            #expect(sighting.label == "unseen")
            #expect(sighting.says("too long ago"))
        }
    }

    @Test func concludesNothingUntilASourceIsMeasured() async throws {
        try await Bench.with(measured: []) { bench in
            try await bench.doubted(2, applied: false)
            try await bench.doubted(3)
            try await bench.delivered(4)
            let sighting = await bench.look(for: 2)
            #expect(sighting.label == "unseen")
            #expect(sighting.says("genesys-bridge check --live --probe default"))
            #expect(await bench.look(for: 3).reference != nil)
            await bench.know([.attributes])
            #expect(await bench.look(for: 2).label == "unseen")
            await bench.know([.analytics], organization: "another")
            #expect(await bench.look(for: 2).label == "unseen")
            await bench.know([.analytics])
            #expect(await bench.look(for: 2).label == "absent")
        }
    }

    @Test func looksPastTheConversationADeliveredEntryIsKnownBy() async throws {
        try await Bench.with { bench in
            let known = try await bench.delivered(2)
            let only = await bench.look(for: 2, .delivered, reference: known)
            #expect(only.label == "unseen")
            try await bench.delivered(3)
            #expect(await bench.look(for: 2, .delivered, reference: known).label == "absent")
        }
    }
}
