import Outbox
import Testing

struct ExpiringValuesTests {
    @Test func eachHoldsForItsOwnTime() {
        var values = ExpiringValues<String, Int>(most: 9)
        values.keep(1, of: "a", for: .seconds(60), at: .zero)
        values.keep(2, of: "b", for: .seconds(2), at: .zero)
        #expect(values.value(of: "b", at: .seconds(1)) == 2)
        #expect(values.value(of: "b", at: .seconds(2)) == nil)
        #expect(values.value(of: "a", at: .seconds(59)) == 1)
        #expect(values.value(of: "a", at: .seconds(60)) == nil)
    }

    @Test func ofTooManyTheOneThatEndsFirstGivesWay() {
        var values = ExpiringValues<String, Int>(most: 2)
        values.keep(0, of: "a", for: .seconds(9), at: .zero)
        values.keep(1, of: "b", for: .seconds(8), at: .zero)
        values.keep(2, of: "c", for: .seconds(9), at: .seconds(1))
        #expect(["a", "b", "c"].map { values.value(of: $0, at: .seconds(1)) } == [0, nil, 2])
        values.keep(3, of: "c", for: .seconds(9), at: .seconds(1))
        #expect(["a", "c"].map { values.value(of: $0, at: .seconds(1)) } == [0, 3])
    }

    @Test func whatHasHadItsTimeIsHeldNoLonger() {
        final class Text {}
        var values = ExpiringValues<String, Text>(most: 9)
        weak var first: Text?
        do {
            let text = Text()
            first = text
            values.keep(text, of: "a", for: .seconds(60), at: .zero)
        }
        values.keep(Text(), of: "b", for: .seconds(60), at: .seconds(59))
        #expect(first != nil)
        values.keep(Text(), of: "c", for: .seconds(60), at: .seconds(60))
        #expect(first == nil)
    }

    @Test func whatIsForgottenIsGone() {
        var values = ExpiringValues<String, Int>(most: 9)
        values.keep(1, of: "a", for: .seconds(60), at: .zero)
        values.forget("a")
        #expect(values.value(of: "a", at: .zero) == nil)
    }
}
