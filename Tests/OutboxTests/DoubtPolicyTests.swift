import Outbox
import Testing

struct DoubtPolicyTests {
    let policy = RetryPolicy()
    let now = Timestamp(milliseconds: 1_000_000)

    private func look(
        _ number: Int = 0, state: EntryState = .inDoubt, age: Duration = .zero
    ) -> Look {
        let entry = Entry(
            id: EntryID(rawValue: 1), message: MessageID(rawValue: 1), shop: ShopName("shop"),
            thread: ThreadKey("thread"), lane: LaneID(rawValue: 1), route: .default, state: state,
            dueAt: nil, tries: 1, reason: nil, reference: state == .delivered ? "first" : nil,
            doubts: 1)
        return Look(
            entry: entry, route: Route(.default), fence: Fence(rawValue: 5),
            since: Fence(rawValue: 6), attemptedAt: now, number: number, age: age)
    }

    private func verdict(_ sighting: Sighting, _ look: Look, resends: Bool = false) -> Verdict {
        var policy = policy
        if resends { policy.doubt.undecided = .resend }
        return policy.verdict(on: sighting, of: look, now: now)
    }

    @Test func looksFiveTimesWithinFiveMinutesAndOnceMoreBeforeItGivesUp() {
        let entry = look().entry
        let first = policy.verdict(
            on: .unknown("reset"), of: entry, age: .zero, now: now, chance: 0.5)
        #expect(first == .inDoubt(reason: "reset", lookAt: now + .seconds(5)))
        for (number, wait) in [10, 45, 120, 120, 300].enumerated() {
            #expect(
                verdict(.unseen("not yet"), look(number))
                    == .inDoubt(reason: "not yet", lookAt: now + .seconds(wait)))
        }
        #expect(verdict(.unseen("never"), look(5)) == .held(reason: "never"))
    }

    @Test func deliversWhatWasFound() {
        #expect(
            verdict(.found(reference: "c"), look(3)) == .delivered(reference: "c", note: nil))
        #expect(
            verdict(.found(reference: "c", note: "also as d"), look(3))
                == .delivered(reference: "c", note: "also as d"))
    }

    @Test func sendsAgainOnlyWhatIsKnownNotToBeThere() {
        #expect(
            verdict(.absent("looked"), look())
                == .retry(at: now, counts: false, reason: "looked"))
    }

    @Test func givesUpWhatIsNotThereAndTooOldToBeSentAgain() {
        let old = look(age: policy.lifetime)
        #expect(
            verdict(.absent("looked"), old) == .dead(reason: "gave up after 72 hours: looked"))
    }

    @Test func asksAPersonAtOnceWhereNobodyCanLook() {
        #expect(verdict(.blind("no permission"), look()) == .held(reason: "no permission"))
    }

    @Test func sendsTheUndecidableAgainMarkedWhereTheSettingSaysSo() {
        #expect(
            verdict(.blind("no permission"), look(), resends: true)
                == .resend(reason: "no permission"))
        #expect(verdict(.unseen("?"), look(5), resends: true) == .resend(reason: "?"))
        #expect(verdict(.unseen("?"), look(4), resends: true).state == .inDoubt)
    }

    @Test func countsNoLookThatCouldNotBeMade() {
        #expect(
            verdict(.unavailable("500"), look(2))
                == .inDoubt(reason: "500", lookAt: now + .seconds(45), counts: false))
        #expect(verdict(.unavailable("500"), look(9)).state == .inDoubt)
    }

    @Test func looksOnceMoreAfterADeliveryThatFollowedADoubt() {
        let verdict = policy.verdict(
            on: .delivered(reference: "c"), of: look().entry, age: .zero, now: now, chance: 0.5)
        #expect(verdict == .delivered(reference: "c", lookAt: now + .seconds(300)))
    }

    @Test func leavesADeliveredEntryDeliveredWhateverIsSeen() {
        let checked = look(5, state: .delivered)
        #expect(
            verdict(.found(reference: "zero", note: "also as first"), checked)
                == .delivered(reference: "zero", note: "also as first"))
        for sighting in [Sighting.absent("x"), .unseen("x"), .blind("x"), .unavailable("x")] {
            #expect(verdict(sighting, checked) == .delivered(reference: "first"))
        }
        #expect(verdict(.unseen("x"), look(0, state: .delivered)).lookAt == now + .seconds(10))
    }
}
