import Outbox
import Testing

struct GateTests {
    var gate = Gate.destination

    @Test func isOpenUntilSomethingFails() {
        #expect(gate.admission(at: .zero) == .open)
        #expect(gate.status(at: .zero) == nil)
    }

    @Test mutating func letsOneProbeThroughAfterTheFirstWait() {
        let wasOpen = gate.close(because: "refused", at: .seconds(100))
        #expect(wasOpen)
        #expect(gate.admission(at: .seconds(104)) == .closed(until: .seconds(105)))
        #expect(gate.admission(at: .seconds(105)) == .probe)
        gate.beginProbe()
        #expect(gate.admission(at: .seconds(300)) == .closed(until: nil))
    }

    @Test mutating func waitsLongerAfterEachProbeThatFails() {
        gate.close(because: "refused", at: .zero)
        var now = Duration.zero
        for wait in [5, 30, 60, 60] {
            now += .seconds(wait)
            #expect(gate.nextProbe(after: .zero) == now)
            gate.beginProbe()
            let wasOpen = gate.close(because: "refused", at: now)
            #expect(!wasOpen)
        }
    }

    @Test mutating func takesAStragglerForNoProbe() {
        gate.close(because: "first", at: .zero)
        gate.close(because: "second", at: .seconds(4))
        #expect(gate.admission(at: .seconds(5)) == .probe)
        #expect(gate.status(at: .seconds(5))?.reason == "second")
    }

    @Test mutating func opensWhenAProbeSucceeds() {
        gate.close(because: "refused", at: .zero)
        gate.beginProbe()
        let first = gate.open()
        let second = gate.open()
        #expect(first && !second)
        #expect(gate.admission(at: .zero) == .open)
    }

    @Test mutating func probesAgainAfterTheSameWaitWhenAProbeTaughtNothing() {
        gate.close(because: "refused", at: .zero)
        gate.beginProbe()
        gate.abandonProbe(at: .seconds(6))
        #expect(gate.admission(at: .seconds(10)) == .closed(until: .seconds(11)))
    }

    @Test mutating func beginsAgainWithTheShortestWaitAfterItWasOpen() {
        gate.close(because: "refused", at: .zero)
        gate.beginProbe()
        gate.close(because: "refused", at: .seconds(5))
        gate.open()
        gate.close(because: "refused", at: .seconds(100))
        #expect(gate.admission(at: .seconds(105)) == .probe)
    }
}
