import Outbox
import Testing

@Suite
struct IdentifierTests {
    @Test(arguments: [
        (0, "0000000000000"), (31, "000000000000z"), (32, "0000000000010"),
        (Int64.max, "7zzzzzzzzzzzz"),
    ])
    func isThirteenCharacters(number: Int64, text: String) {
        #expect(EntryID(rawValue: number).description == text)
        #expect(EntryID(text) == EntryID(rawValue: number))
    }

    @Test(arguments: [
        "", "1", "00000000000000", "000000000000u", "000000000000Z", "00000000000 0",
        "8000000000000", "zzzzzzzzzzzzz", "-00000000000",
    ])
    func isNothingElse(text: String) {
        #expect(EntryID(text) == nil)
    }

    @Test func sortsAsTextAsItDoesByNumber() {
        let numbers: [Int64] = [0, 1, 31, 32, 1 << 20, 1 << 40, (1 << 40) + 1, .max]
        let texts = numbers.map { EntryID(rawValue: $0).description }
        #expect(texts == texts.sorted())
    }

    @Test func carriesTheTimeItWasDrawnAt() {
        var source = IdentifierSource()
        let now = Timestamp(milliseconds: 1_772_615_564_120)
        let id = EntryID(rawValue: source.next(at: now, chance: .max))
        #expect(id.drawnAt == now)
    }

    @Test func isDrawnAboveTheLastWhateverTheClockSays() {
        var source = IdentifierSource(after: 5 << 20)
        var last: Int64 = 5 << 20
        for (milliseconds, chance) in [(5, 0), (5, 9), (5, 3), (1, 7), (6, 0), (2, 1)] {
            let next = source.next(
                at: Timestamp(milliseconds: Int64(milliseconds)), chance: UInt32(chance))
            #expect(next > last)
            last = next
        }
    }
}
