import Outbox
import Testing

@testable import GenesysCloud

struct ParticipantDataTests {
    var data = ParticipantData()

    @Test mutating func leavesOutWhatHasNoValue() {
        data.add("a", nil)
        data.add("b", "")
        #expect(data.attributes.isEmpty)
        #expect(data.omitted == 0)
    }

    @Test mutating func keepsRoomForTheCountAmongFiftyKeys() {
        for number in 0..<60 { data.add("key\(number)", "value") }
        #expect(data.attributes.count == 49)
        #expect(data.omitted == 11)
    }

    @Test mutating func staysBelowSixteenKibibytes() {
        for number in 0..<49 { data.add("key\(number)", String(repeating: "ü", count: 256)) }
        let bytes = data.attributes.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        #expect(bytes <= 16 * 1024)
        #expect(data.omitted == 49 - data.attributes.count)
        #expect(data.omitted > 0)
    }

    @Test mutating func cutsAValueOnAGrapheme() {
        let family = "👨‍👩‍👧‍👦"
        data.add("text", String(repeating: "x", count: 250) + family + "y")
        #expect(data.attributes[0].value == String(repeating: "x", count: 250))
        data.add("short", "é" + family)
        #expect(data.attributes[1].value == "é" + family)
    }
}
