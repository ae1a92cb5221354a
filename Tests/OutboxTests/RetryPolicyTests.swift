import Outbox
import Testing

struct RetryPolicyTests {
    let policy = RetryPolicy()
    let now = Timestamp(milliseconds: 1_000_000)

    func verdict(
        _ outcome: Outcome, tries: Int = 0, age: Duration = .zero, chance: Double = 0.5
    ) -> Verdict {
        policy.verdict(
            on: outcome, of: entry(tries: tries), age: age, now: now, chance: chance)
    }

    private func entry(tries: Int) -> Entry {
        Entry(
            id: EntryID(rawValue: 1), message: MessageID(rawValue: 1), shop: ShopName("shop"),
            thread: ThreadKey("thread"), lane: LaneID(rawValue: 1), route: .default,
            state: .sending, dueAt: nil, tries: tries, reason: nil, reference: nil)
    }

    @Test(arguments: zip(0..<9, [5, 30, 120, 300, 900, 1800, 3600, 3600, 3600]))
    func waitsLongerAfterEachTryAndHourlyInTheEnd(tries: Int, seconds: Int) {
        #expect(
            verdict(.failed(after: nil, "503"), tries: tries)
                == .retry(at: now + .seconds(seconds), counts: true, reason: "503"))
    }

    @Test func strewsTheWaitsByAFifthToEitherSide() {
        let earliest = verdict(.failed(after: nil, "x"), chance: 0)
        let latest = verdict(.failed(after: nil, "x"), chance: 0.999_999)
        #expect(earliest == .retry(at: now + .seconds(4), counts: true, reason: "x"))
        guard case .retry(let at, _, _) = latest else { return #expect(Bool(false)) }
        #expect(at > now + .milliseconds(5990) && at <= now + .seconds(6))
    }

    @Test func neverComesBackSoonerThanTheServerAsks() {
        #expect(
            verdict(.failed(after: .seconds(90), "busy"))
                == .retry(at: now + .seconds(90), counts: true, reason: "busy"))
    }

    @Test func spendsNoTryOnQuotaOrOnADestinationThatIsNotThere() {
        #expect(
            verdict(.throttled(after: .seconds(42), "429"))
                == .retry(at: now + .seconds(42), counts: false, reason: "429"))
        for outcome in [Outcome.unreachable("x"), .unauthorized("x"), .misconfigured("x")] {
            #expect(verdict(outcome) == .retry(at: now, counts: false, reason: "x"))
        }
    }

    @Test func givesUpOnlyWhenItsReachableAgeIsUp() {
        let almost = policy.lifetime - .milliseconds(1)
        #expect(verdict(.failed(after: nil, "x"), age: almost).state == .pending)
        #expect(verdict(.failed(after: nil, "x"), age: policy.lifetime).state == .dead)
        #expect(verdict(.unreachable("x"), age: policy.lifetime).state == .pending)
        #expect(verdict(.misconfigured("x"), age: policy.lifetime).state == .pending)
    }

    @Test func neverRepeatsWhatMayHaveBeenDone() {
        let doubt = Verdict.inDoubt(reason: "reset", lookAt: now + .seconds(5))
        #expect(verdict(.unknown("reset")) == doubt)
        #expect(verdict(.unknown("reset"), age: policy.lifetime) == doubt)
    }

    @Test func buriesWhatWouldBeRefusedAgain() {
        #expect(verdict(.refused("400")) == .dead(reason: "400"))
    }

    @Test func keepsTheNameTheDestinationGave() {
        #expect(verdict(.delivered(reference: "c1")) == .delivered(reference: "c1"))
    }
}
