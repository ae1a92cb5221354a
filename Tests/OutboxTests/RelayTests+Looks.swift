import Outbox
import TestSupport
import Testing

/// What the relay does about doubts, and whose turn it is.
extension RelayTests {
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
}
