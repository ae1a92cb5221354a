import Outbox
import Testing

@Suite
struct ReachClockTests {
    @Test func countsOnlyWhileReachable() {
        var clock = ReachClock()
        #expect(clock.value(at: .seconds(50)) == .zero)
        clock.set(reachable: true, at: .seconds(60))
        #expect(clock.value(at: .seconds(65)) == .seconds(5))
        clock.set(reachable: false, at: .seconds(70))
        #expect(clock.value(at: .seconds(500)) == .seconds(10))
        clock.set(reachable: true, at: .seconds(500))
        #expect(clock.value(at: .seconds(501)) == .seconds(11))
    }

    @Test func sayingTheSameTwiceChangesNothing() {
        var clock = ReachClock()
        clock.set(reachable: true, at: .seconds(10))
        clock.set(reachable: true, at: .seconds(20))
        #expect(clock.value(at: .seconds(30)) == .seconds(20))
        clock.set(reachable: false, at: .seconds(30))
        clock.set(reachable: false, at: .seconds(90))
        #expect(clock.value(at: .seconds(100)) == .seconds(20))
    }

    @Test func goesOnFromWhatAnEarlierRunHadCounted() {
        var clock = ReachClock(counted: .seconds(100))
        clock.set(reachable: true, at: .seconds(3))
        #expect(clock.value(at: .seconds(5)) == .seconds(102))
    }
}
