import Testing

@testable import Outbox

struct ThroughputTests {
    @Test func countsWhatEndedWithinTheLastMinute() {
        var throughput = Throughput()
        for second in 0..<90 { throughput.count(at: .seconds(second)) }
        #expect(throughput.lastMinute(at: .seconds(89)) == 60)
        #expect(throughput.lastMinute(at: .seconds(119)) == 30)
        #expect(throughput.lastMinute(at: .seconds(400)) == 0)
    }
}
