import Outbox
import Testing

struct TokenBucketTests {
    /// Five a second, ten at once.
    var bucket = TokenBucket(perMinute: 300, at: .zero)

    @Test mutating func letsABurstOutAndThenKeepsTheRate() {
        let slots = bucket.take(100, at: .zero).taken
        #expect(slots == 10)
        let wait = bucket.take(1, at: .zero)
        #expect(wait.taken == 0)
        #expect(wait.retryAt == .milliseconds(200))
        let more = bucket.take(5, at: .milliseconds(200)).taken
        #expect(more == 1)
        let later = bucket.take(100, at: .seconds(60)).taken
        #expect(later == 10)
    }

    @Test mutating func neverExceedsItsRateOverAnyMinute() {
        var sent: [Int64] = []
        var now = Duration.zero
        while now < .seconds(180) {
            let (taken, retryAt) = bucket.take(3, at: now)
            for _ in 0..<taken {
                sent.append(now.milliseconds)
                bucket.finish(nil, at: now)
            }
            now = retryAt ?? now + .milliseconds(7)
        }
        for start in sent {
            #expect(sent.filter { (start..<start + 60_000).contains($0) }.count <= 310)
        }
        #expect(sent.count >= 900)
    }

    @Test mutating func believesTheServersCountBelowTheCeiling() {
        let slots = bucket.take(1, at: .zero).taken
        #expect(slots == 1)
        bucket.finish(Quota(used: 297, allowed: 300, resetsAfter: .seconds(20)), at: .zero)
        let more = bucket.take(10, at: .zero).taken
        #expect(more == 3)
        let full = bucket.take(1, at: .zero)
        #expect(full.taken == 0)
        #expect(full.retryAt == .seconds(20))
        let later = bucket.take(1, at: .seconds(20)).taken
        #expect(later == 1)
    }

    @Test mutating func reckonsInWhatTheServerHasNotCountedYet() {
        let slots = bucket.take(4, at: .zero).taken
        #expect(slots == 4)
        bucket.finish(Quota(used: 96, allowed: 100, resetsAfter: .seconds(20)), at: .zero)
        let more = bucket.take(10, at: .zero).taken
        #expect(more == 1)
    }

    @Test mutating func isNotMisledByAnswersThatOvertakeEachOther() {
        let slots = bucket.take(2, at: .zero).taken
        #expect(slots == 2)
        bucket.finish(Quota(used: 100, allowed: 100, resetsAfter: .seconds(20)), at: .zero)
        bucket.finish(Quota(used: 99, allowed: 100, resetsAfter: .seconds(20)), at: .zero)
        let more = bucket.take(1, at: .seconds(1)).taken
        #expect(more == 0)
    }

    @Test mutating func takesANewWindowForWhatItIs() {
        let slots = bucket.take(2, at: .zero).taken
        #expect(slots == 2)
        bucket.finish(Quota(used: 100, allowed: 100, resetsAfter: .seconds(1)), at: .zero)
        bucket.finish(Quota(used: 1, allowed: 100, resetsAfter: .seconds(60)), at: .seconds(2))
        let more = bucket.take(3, at: .seconds(2)).taken
        #expect(more == 3)
    }

    @Test mutating func letsNothingOutWhileItIsClosed() {
        bucket.close(until: .seconds(42))
        let slots = bucket.take(1, at: .seconds(41)).retryAt
        #expect(slots == .seconds(42))
        let more = bucket.take(1, at: .seconds(42)).taken
        #expect(more == 1)
    }

    @Test mutating func takesBackASlotThatWasNotUsed() {
        let slots = bucket.take(10, at: .zero).taken
        #expect(slots == 10)
        bucket.giveBack(2)
        let more = bucket.take(10, at: .zero).taken
        #expect(more == 2)
    }

    @Test func allowsALargerBurstWhereTheRateIsHigh() {
        var fast = TokenBucket(perMinute: 60_000, at: .zero)
        let slots = fast.take(1000, at: .zero).taken
        #expect(slots == 100)
    }

    @Test mutating func letsWhatMayWaitGoWhileNobodyElseWants() {
        var taken = 0
        while bucket.takeSpare(at: .zero).taken { taken += 1 }
        // Half the burst stays for whoever comes, and its own share is used up.
        #expect(taken == 7)
        let left = bucket.take(10, at: .zero).taken
        #expect(left == 3)
    }

    @Test mutating func keepsATwentiethForWhatMayWaitWhileOthersTakeAllTheyGet() {
        var spare = 0
        var others = 0
        var now = Duration.zero
        while now < .seconds(600) {
            others += bucket.take(1, at: now).taken
            if bucket.takeSpare(at: now).taken { spare += 1 }
            now += .milliseconds(20)
        }
        #expect((145...160).contains(spare))
        #expect((2990...3020).contains(spare + others))
    }

    @Test mutating func keepsNothingForACourtesy() {
        var taken = 0
        while bucket.takeSpare(share: false, at: .zero).taken { taken += 1 }
        #expect(taken == 6)
        #expect(bucket.takeSpare(share: false, at: .zero).retryAt == .milliseconds(200))
        let look = bucket.takeSpare(at: .zero).taken
        #expect(look)
    }

    @Test mutating func givesWhatMayWaitNothingOfAWindowThatIsUsedUp() {
        let slot = bucket.take(1, at: .zero).taken
        #expect(slot == 1)
        bucket.finish(Quota(used: 300, allowed: 300, resetsAfter: .seconds(20)), at: .zero)
        let spare = bucket.takeSpare(at: .zero)
        #expect(!spare.taken)
        #expect(spare.retryAt == .seconds(20))
    }
}
