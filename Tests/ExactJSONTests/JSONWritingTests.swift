import ExactJSON
import Testing

@Suite struct JSONWritingTests {
    @Test func aValueIsWrittenWithoutSpace() {
        let value: JSON = [
            "a": [1, .number("1.10"), .null, true, false], "b": .object([]), "c": [], "ä": "ß",
        ]
        #expect(value.text == #"{"a":[1,1.10,null,true,false],"b":{},"c":[],"ä":"ß"}"#)
    }

    @Test func whatMustBeEscapedIs() {
        let text = "a\"b\\c\nd\re\tf\u{0}g\u{1f}h\u{7f}/😕"
        #expect(
            JSON.string(text).text == #""a\"b\\c\nd\re\tf\u0000g\u001fh"# + "\u{7f}" + #"/😕""#)
    }

    @Test func namesAreEscapedToo() {
        #expect(JSON.object([.init("\"", 1)]).text == #"{"\"":1}"#)
    }

    @Test func everyScalarComesBack() throws {
        for start in stride(from: UInt32(0), to: 0x11_0000, by: 0x400) {
            let scalars = (start..<start + 0x400).compactMap(Unicode.Scalar.init)
            let text = String(String.UnicodeScalarView(scalars))
            let back = try JSON(parsing: JSON.string(text).bytes).string
            #expect(back.map { Array($0.utf8) } == Array(text.utf8))
        }
    }
}
