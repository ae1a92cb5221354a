import ExactJSON
import Foundation
import Testing

/// Reads documents that were damaged at random; `JSON_FUZZ_SEED` repeats a run.
@Suite struct JSONFuzzTests {
    @Test(.timeLimit(.minutes(15))) func whateverIsReadIsWrittenAndReadAgain() throws {
        let seed =
            ProcessInfo.processInfo.environment["JSON_FUZZ_SEED"].flatMap(UInt64.init)
            ?? .random(in: 0 ... .max)
        print("JSON_FUZZ_SEED=\(seed)")
        var chance = SplitMix(seed: seed)
        var wellFormed = 0
        for _ in 0..<20_000 {
            let bytes = mutated(Array(documents.randomElement(using: &chance).utf8), by: &chance)
            guard let value = try? JSON(parsing: bytes) else { continue }
            wellFormed += 1
            let written = value.bytes
            let again = try JSON(parsing: written)
            #expect(again == value, "seed \(seed)")
            #expect(again.bytes == written, "seed \(seed)")
        }
        // Else the mutations were too wild for the test to mean anything.
        #expect(wellFormed > 1000)
    }

    /// Where RFC 8259 is clear, another reader agrees on what is JSON.
    ///
    /// Left out of the comparison, since Foundation's reader differs by choice: names that stand twice (it
    /// takes the last), a comma before the end of an array or object (it passes over it), numbers
    /// beyond a double's range (it refuses them), depth (it allows 512), other encodings than UTF-8
    /// (it guesses), and a NUL after the end.
    @Test(arguments: agreed) func foundationAgrees(text: String) {
        let ours = (try? JSON(parsing: text.utf8)) != nil
        let theirs =
            (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed))
            != nil
        #expect(ours == theirs)
    }
}

private let agreed = [
    "{}", "[]", "0", "-0", "-1", "1.5e10", "1E+2", "\"\"", "null", "true", "false", " [ ] ",
    "\t1\r\n",
    "01", "-01", "1.", ".1", "1e", "1e+", "--1", "+1", "-", "0x10", "1_000", "Infinity",
    "-Infinity",
    "nul", "True", "truefalse", "[1,2", "[1,,2]", "[,1]", "{,}", #"{"a"}"#, #"{"a":}"#,
    #"{"a":1"b":2}"#, #"{1:2}"#, #"{a:1}"#, "{'a':1}", #"{"a":1}}"#, "[]]", "][",
    "\"",
    #""\""#, #""\a""#, #""\u12G4""#, #""\u123""#, #""\U0041""#, "\"\t\"", "\"\u{1}\"", "\"\u{7f}\"",
    "/**/1", "1//", "[1 2]", "\u{a0}1", "\u{b}1", #""😕""#, #""\ud83d\ude15""#, #""\ud83d""#,
    #""\ude15\ud83d""#, #"[[[[[[[[1]]]]]]]]"#, #"{"a":{"b":[{"c":null}]}}"#, "", " ", "\"a",
    "{\"a\":1",
]

private let documents = [
    #"{"message":{"body":"Hallo, \"wo\" ist\nes? \u00e4 \ud83d\ude15","id":9007199254740993}}"#,
    #"[0,-1.10,1e400,[],{},[[[]]],"",null,true,false,{"a":{"b":{"c":[1,2,3]}}}]"#,
    #"{"order":{"items":[{"sku":"A","price":"1.10"},{"sku":"B","price":2.50},null]},"":"/\\"}"#,
    "{\"e\u{301}\":\"é\",\"\u{1F468}\u{200D}\u{1F469}\":[\"\u{202E}abc\"]}",
]

private let tokens = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "null", "0", "-", ".", "e", " ",
    "\n", "\0",
    "\"a\":", "\u{FEFF}", "é",
]

private func mutated(_ document: [UInt8], by chance: inout SplitMix) -> [UInt8] {
    var bytes = document
    for _ in 0..<Int.random(in: 0...4, using: &chance) where !bytes.isEmpty {
        let place = bytes.indices.randomElement(using: &chance) ?? 0
        switch Int.random(in: 0..<6, using: &chance) {
        case 0: bytes[place] = .random(in: 0 ... .max, using: &chance)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: tokens.randomElement(using: &chance).utf8, at: place)
        case 3: bytes.removeSubrange(place...)
        case 4: bytes.insert(contentsOf: bytes[place...].prefix(12), at: place)
        default: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
        }
    }
    return bytes
}

extension [String] {
    fileprivate func randomElement(using chance: inout SplitMix) -> String {
        self[Int.random(in: indices, using: &chance)]
    }
}

/// Sebastiano Vigna's generator: any seed makes a good sequence.
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
