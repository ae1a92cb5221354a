import Outbox
import Testing

@Suite
struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_772_615_564_120, "2026-03-04T09:12:44.120Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (951_868_799_999, "2000-02-29T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (1_735_689_599_999, "2024-12-31T23:59:59.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
    ])
    func isWrittenInUniversalTime(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test func addsAndSubtracts() {
        let start = Timestamp(milliseconds: 1000)
        #expect(start + .seconds(2) == Timestamp(milliseconds: 3000))
        #expect(start - Timestamp(milliseconds: 4000) == .seconds(-3))
        #expect(start < start + .milliseconds(1))
    }

    @Test func durationsAreReadInTheirUnits() {
        #expect(Duration.seconds(1.5).milliseconds == 1500)
        #expect(Duration.microseconds(-1999).milliseconds == -1)
        #expect(Duration.milliseconds(250).seconds == 0.25)
    }
}
