import ExactJSON
import Testing

@Suite struct JSONReadingTests {
    @Test func everyKindOfValueIsRead() throws {
        let text = #" {"a": [null, true, false, -1.50e+3, "x\n"], "": {}, "b": []} "#
        #expect(
            try JSON(parsing: text.utf8) == [
                "a": [.null, true, false, .number("-1.50e+3"), "x\n"], "": .object([]), "b": [],
            ])
    }

    @Test(arguments: [
        "9007199254740993", "820982911946154508", "1.10", "-0", "1e400", "0.1000", "1E-7",
        "123456789012345678901234567890",
    ])
    func numbersKeepTheirText(lexeme: String) throws {
        #expect(try JSON(parsing: lexeme.utf8) == .number(lexeme))
        #expect(try JSON(parsing: lexeme.utf8).text == lexeme)
    }

    @Test(arguments: [
        (#""\u00e9""#, "é"), (#""\ud83d\ude15""#, "😕"),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (#""Zoë 😕""#, "Zoë 😕"), (#""a\u0000b""#, "a\0b"), (#""\uFFFFx""#, "\u{FFFF}x"),
    ])
    func stringsAreUnescaped(json: String, text: String) throws {
        #expect(try JSON(parsing: json.utf8).string.map { Array($0.utf8) } == Array(text.utf8))
    }

    @Test(arguments: [
        ("", 0), ("  ", 2), ("{", 1), ("[1,", 3), (#"{"a""#, 4), (#""abc"#, 4), (#""\u12"#, 5),
        ("nul", 0), ("tru e", 0), ("[1 2]", 3), ("[1,]", 3), (#"{"a":1,}"#, 7), (#"{a:1}"#, 1),
        (#"{"a" 1}"#, 5), ("01", 1), ("-", 1), ("1.", 2), (".5", 0), ("1e", 2), ("+1", 0),
        ("0x1", 1),
        ("NaN", 0), ("[1]]", 3), ("{} {}", 3), ("'a'", 0), ("\"a\nb\"", 2), (#""\x""#, 1),
        (#""\ud800""#, 1), (#""\udc00""#, 1), (#""\ud800\u0041""#, 1), (#""\ud800\ud800""#, 1),
        (#"{"a":1,"b":2,"a":3}"#, 13), ("// x\n1", 0), ("1\u{0}", 1), ("\u{2028}1", 0),
    ])
    func whatIsNoJSONIsRefusedWhereItIsWrong(text: String, offset: Int) {
        #expect(error(of: Array(text.utf8))?.offset == offset)
    }

    @Test(arguments: [
        [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0xAF, 0x22],
        [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xE9, 0x22], [0xFF, 0xFE, 0x31, 0x00],
    ])
    func bytesThatAreNoUTF8AreRefused(bytes: [UInt8]) {
        #expect(error(of: bytes) != nil)
    }

    @Test func aByteOrderMarkInFrontIsPassedOver() throws {
        #expect(try JSON(parsing: [0xEF, 0xBB, 0xBF] + "1".utf8) == 1)
        #expect(error(of: Array("1\u{FEFF}".utf8))?.offset == 1)
    }

    @Test func theErrorIsASentenceWithItsPlace() {
        #expect(
            error(of: Array("[1 2]".utf8))?.description
                == "a comma or the end of the array is missing, at byte 3")
        #expect(error(of: Array("[1".utf8))?.description == "the text ends too early, at byte 2")
    }

    @Test func aNameThatStandsTwiceIsFoundAmongManyToo() {
        let names = (0..<40).map { "\"n\($0)\":0" }
        #expect(error(of: Array("{\(names.joined(separator: ","))}".utf8)) == nil)
        for twice in [0, 11, 12, 39] {
            let text = "{\((names + [names[twice]]).joined(separator: ","))}"
            #expect(error(of: Array(text.utf8)) != nil)
        }
    }

    @Test func depthHasABound() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array(
                (String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try JSON(parsing: nested(64))
        #expect(error(of: nested(65))?.offset == 64)
        #expect(error(of: Array(repeating: UInt8(ascii: "["), count: 1 << 20)) != nil)
        #expect(throws: JSONError.self) {
            try JSON(parsing: nested(3), limits: .init(depth: 2))
        }
    }

    @Test func theNumberOfValuesHasABound() throws {
        let limits = JSON.Limits(values: 4)
        _ = try JSON(parsing: #"[1,{"a":2}]"#.utf8, limits: limits)
        #expect(throws: JSONError.self) {
            try JSON(parsing: #"[1,{"a":2},3]"#.utf8, limits: limits)
        }
    }

    @Test func aSliceIsReadAsWellAsAnArray() throws {
        let bytes = Array("xx[1]xx".utf8)
        #expect(try JSON(parsing: bytes[2..<5]) == [1])
        #expect(try JSON(parsing: "\"é\"".utf8) == "é")
        #expect(try JSON(parsing: AnyCollection(Array("[true]".utf8))) == [true])
    }

    @Test func aLexemeIsANumberOrNothing() {
        #expect(JSON(lexeme: "1.10") == .number("1.10"))
        for text in ["", " 1", "1 ", "1,5", "true", "\"1\"", "\u{FEFF}1"] {
            #expect(JSON(lexeme: text) == nil)
        }
    }
}

private func error(of bytes: [UInt8]) -> JSONError? {
    do {
        _ = try JSON(parsing: bytes)
        return nil
    } catch {
        return error
    }
}
