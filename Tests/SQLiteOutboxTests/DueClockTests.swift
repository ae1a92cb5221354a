import Outbox
import Testing

@testable import SQLiteOutbox

@Suite
struct DueClockTests {
    private let start = Timestamp(milliseconds: 1_000_000_000)

    private func reading(_ clock: inout DueClock, wall: Int, uptime: Int) -> Int64 {
        clock.read(wall: start + .seconds(wall), uptime: .seconds(uptime)).milliseconds / 1000
            - start.milliseconds / 1000
    }

    @Test func goesWithTheWallClock() {
        var clock = DueClock(saved: nil, wall: start, uptime: .zero)
        #expect(reading(&clock, wall: 10, uptime: 10) == 10)
        #expect(clock.lead == .zero)
    }

    @Test func goesOnWhenTheWallClockIsSetBack() {
        var clock = DueClock(saved: nil, wall: start, uptime: .zero)
        #expect(reading(&clock, wall: -3590, uptime: 10) == 10)
        #expect(clock.lead == .seconds(3600))
        #expect(reading(&clock, wall: -3580, uptime: 20) == 20)
    }

    @Test func jumpsForwardWithTheWallClock() {
        var clock = DueClock(saved: nil, wall: start, uptime: .zero)
        #expect(reading(&clock, wall: 3610, uptime: 10) == 3610)
        #expect(reading(&clock, wall: 20, uptime: 20) == 3620)
    }

    @Test func followsSmallStepsBack() {
        var clock = DueClock(saved: nil, wall: start, uptime: .zero)
        #expect(reading(&clock, wall: 9, uptime: 10) == 9)
    }

    @Test func beginsNoEarlierThanItEnded() {
        var clock = DueClock(saved: start + .seconds(50), wall: start, uptime: .zero)
        #expect(reading(&clock, wall: 1, uptime: 1) == 51)
        clock = DueClock(saved: start, wall: start + .seconds(50), uptime: .zero)
        #expect(reading(&clock, wall: 51, uptime: 1) == 51)
    }
}
