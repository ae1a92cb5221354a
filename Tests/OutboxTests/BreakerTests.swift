import Outbox
import Testing

struct BreakerTests {
    var breaker = Breaker()

    private mutating func fail(_ times: Int, at uptime: Duration = .zero) -> Bool {
        (0..<times).reduce(false) { opened, _ in breaker.fail("500", at: uptime) || opened }
    }

    @Test mutating func stopsAtTheFifthFailureInARow() {
        let early = fail(4)
        #expect(!early)
        #expect(breaker.admission(at: .zero) == .open)
        let opened = fail(1)
        #expect(opened)
        #expect(breaker.admission(at: .zero) == .closed(until: .seconds(30)))
        #expect(breaker.status(at: .seconds(3))?.reason == "5 failures in a row, the last: 500")
        #expect(breaker.status(at: .seconds(3))?.lasting == .seconds(3))
    }

    @Test mutating func beginsToCountAnewAtASuccess() {
        _ = fail(4)
        _ = breaker.succeed(at: .zero)
        let opened = fail(4)
        #expect(!opened)
    }

    @Test mutating func stopsWhereSevenOfTenFailThoughNeverFiveInARow() {
        var opened: [Bool] = []
        for success in [false, false, true, false, false, true, false, false, true, false] {
            if success {
                _ = breaker.succeed(at: .seconds(1))
            } else {
                opened.append(breaker.fail("504", at: .seconds(1)))
            }
        }
        #expect(opened == [false, false, false, false, false, false, true])
        #expect(breaker.status(at: .seconds(1))?.reason == "7 of 10 calls failed, the last: 504")
    }

    @Test mutating func forgetsWhatIsFiveMinutesAgo() {
        for _ in 0..<3 {
            _ = fail(2)
            _ = breaker.succeed(at: .zero)
        }
        // With the six failures of before it would be seven of ten.
        let opened = breaker.fail("500", at: .seconds(300))
        #expect(!opened)
    }

    @Test mutating func letsOneProbeThroughAfterLongerAndLongerWaits() {
        _ = fail(5)
        var uptime = Duration.zero
        for wait in [30, 60, 120, 240, 300, 300] {
            #expect(breaker.nextProbe(after: uptime) == uptime + .seconds(wait))
            uptime += .seconds(wait)
            #expect(breaker.admission(at: uptime) == .probe)
            breaker.beginProbe()
            #expect(breaker.admission(at: uptime + .seconds(999)) == .closed(until: nil))
            let again = breaker.fail("still", at: uptime)
            #expect(!again)
        }
    }

    @Test mutating func goesOnWhenTheProbeSucceedsButNotForAStraggler() {
        _ = fail(5)
        let straggler = breaker.succeed(at: .seconds(1))
        #expect(!straggler)
        #expect(breaker.admission(at: .seconds(1)) == .closed(until: .seconds(30)))
        breaker.beginProbe()
        let resumed = breaker.succeed(at: .seconds(31))
        #expect(resumed)
        #expect(breaker.admission(at: .seconds(31)) == .open)
        let opened = fail(4, at: .seconds(31))
        #expect(!opened)
    }

    @Test mutating func asksAgainAfterAProbeThatTaughtNothing() {
        _ = fail(5)
        breaker.beginProbe()
        breaker.abandonProbe(at: .seconds(30))
        #expect(breaker.nextProbe(after: .seconds(30)) == .seconds(60))
    }

    @Test mutating func stopsAtOnceWhereOneReasonConcernsAll() {
        let tripped = breaker.trip("403", at: .zero)
        #expect(tripped)
        #expect(breaker.status(at: .zero)?.reason == "403")
    }
}
