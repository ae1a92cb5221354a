/// A recursive descent over bytes that outlive it.
struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: JSON.Limits
    private var place = 0
    private var depth = 0
    private var values = 0
    /// Where a string with escapes is put together.
    private var scratch: [UInt8] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: JSON.Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func text() throws(JSONError) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
        skipSpace()
        let value = try value()
        skipSpace()
        guard place == bytes.count else { throw error("more follows after the end of the value") }
        return value
    }

    /// The byte at hand; past the end a NUL, which begins nothing in JSON.
    private var byte: UInt8 { place < bytes.count ? bytes[place] : 0 }

    private mutating func skipSpace() {
        while byte == .space || byte == .newline || byte == .carriageReturn || byte == .tab {
            place += 1
        }
    }

    private mutating func value() throws(JSONError) -> JSON {
        values += 1
        guard values <= limits.values else {
            throw error("there are more than \(limits.values) values")
        }
        switch byte {
        case .quote: return .string(try string())
        case .openBrace: return try nested { reader throws(JSONError) in try reader.object() }
        case .openBracket: return try nested { reader throws(JSONError) in try reader.array() }
        case .minus, .zero ... .nine: return .number(try number())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw error("a value is missing")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[place...].starts(with: letters) else {
            throw error("this is no value; only true, false and null are words")
        }
        place += letters.count
        return value
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(JSONError) -> JSON
    ) throws(JSONError) -> JSON {
        guard depth < limits.depth else {
            throw error("arrays and objects stand more than \(limits.depth) deep in each other")
        }
        depth += 1
        place += 1
        skipSpace()
        let value = try read(&self)
        depth -= 1
        place += 1
        return value
    }

    private mutating func array() throws(JSONError) -> JSON {
        var elements: [JSON] = []
        guard byte != .closeBracket else { return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if byte == .closeBracket { return .array(elements) }
            try comma(or: "the end of the array")
        }
    }

    private mutating func object() throws(JSONError) -> JSON {
        var members: [JSON.Member] = []
        guard byte != .closeBrace else { return .object(members) }
        var names = MemberNames()
        while true {
            let start = place
            guard byte == .quote else { throw error("the name of a member is missing") }
            let name = try string()
            guard names.insert(name, beside: members) else {
                throw error("a member of this name came before in the same object", at: start)
            }
            skipSpace()
            guard byte == .colon else { throw error("a colon is missing after the name") }
            place += 1
            skipSpace()
            members.append(JSON.Member(name, try value()))
            skipSpace()
            if byte == .closeBrace { return .object(members) }
            try comma(or: "the end of the object")
        }
    }

    private mutating func comma(or end: String) throws(JSONError) {
        guard byte == .comma else { throw error("a comma or \(end) is missing") }
        place += 1
        skipSpace()
    }

    private func error(_ problem: String, at offset: Int? = nil) -> JSONError {
        let offset = offset ?? place
        return JSONError(
            offset: offset, problem: offset < bytes.count ? problem : "the text ends too early")
    }
}

extension JSONReader {
    private mutating func number() throws(JSONError) -> String {
        let start = place
        if byte == .minus { place += 1 }
        if byte == .zero { place += 1 } else { try digits() }
        if byte == .point {
            place += 1
            try digits()
        }
        if byte | 0x20 == UInt8(ascii: "e") {
            place += 1
            if byte == .minus || byte == UInt8(ascii: "+") { place += 1 }
            try digits()
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func digits() throws(JSONError) {
        guard .zero ... .nine ~= byte else { throw error("a digit is missing") }
        repeat { place += 1 } while .zero ... .nine ~= byte
    }

    /// The text between the quote at hand and its counterpart.
    private mutating func string() throws(JSONError) -> String {
        place += 1
        let start = place
        skipPlain()
        if byte == .quote {
            let text = try decode(bytes[start..<place], from: start)
            place += 1
            return text
        }
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: bytes[start..<place])
        while byte != .quote {
            guard byte == .backslash else { throw error("a control character has to be escaped") }
            try escape()
            let run = place
            skipPlain()
            scratch.append(contentsOf: bytes[run..<place])
        }
        place += 1
        return try scratch.withUnsafeBufferPointer { buffer throws(JSONError) in
            try decode(buffer[...], from: start)
        }
    }

    /// Moves to the next quote, backslash or control character, or to the end.
    private mutating func skipPlain() {
        while place < bytes.count {
            let byte = bytes[place]
            if byte == .quote || byte == .backslash || byte < .space { return }
            place += 1
        }
    }

    private func decode(
        _ text: Slice<UnsafeBufferPointer<UInt8>>, from start: Int
    ) throws(JSONError) -> String {
        do throws(UTF8.ValidationError) {
            return String(
                copying: try UTF8Span(validating: UnsafeBufferPointer(rebasing: text).span))
        } catch {
            throw self.error("the string that begins here is not valid UTF-8", at: start)
        }
    }

    private mutating func escape() throws(JSONError) {
        let start = place
        place += 1
        let escaped = byte
        place += 1
        switch escaped {
        case .quote, .backslash, UInt8(ascii: "/"): scratch.append(escaped)
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0C)
        case UInt8(ascii: "n"): scratch.append(.newline)
        case UInt8(ascii: "r"): scratch.append(.carriageReturn)
        case UInt8(ascii: "t"): scratch.append(.tab)
        case UInt8(ascii: "u"): scratch.append(contentsOf: String(try scalar(from: start)).utf8)
        default: throw error("this is no escape that JSON knows", at: start)
        }
    }

    private mutating func scalar(from start: Int) throws(JSONError) -> Character {
        var code = try fourHexDigits()
        if code >> 10 == 0x36, byte == .backslash {
            place += 1
            if byte == UInt8(ascii: "u") {
                place += 1
                let low = try fourHexDigits()
                if low >> 10 == 0x37 { code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF }
            }
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw error("this escape is half of a surrogate pair", at: start)
        }
        return Character(scalar)
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch byte {
            case .zero ... .nine: digit = byte - .zero
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw error("four hexadecimal digits have to follow \\u")
            }
            code = code << 4 | UInt32(digit)
            place += 1
        }
        return code
    }
}

/// Finds a name that comes twice; a set pays only where comparing with each would cost more.
private struct MemberNames {
    private static let few = 12
    private var many: Set<String> = []

    mutating func insert(_ name: String, beside members: [JSON.Member]) -> Bool {
        guard members.count >= Self.few else { return !members.contains { $0.name == name } }
        if many.isEmpty { many = Set(members.map(\.name)) }
        return many.insert(name).inserted
    }
}

extension UInt8 {
    static let tab: UInt8 = 0x09
    static let newline: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let quote = UInt8(ascii: "\"")
    static let comma = UInt8(ascii: ",")
    static let minus = UInt8(ascii: "-")
    static let point = UInt8(ascii: ".")
    static let zero = UInt8(ascii: "0")
    static let nine = UInt8(ascii: "9")
    static let colon = UInt8(ascii: ":")
    static let openBracket = UInt8(ascii: "[")
    static let backslash = UInt8(ascii: "\\")
    static let closeBracket = UInt8(ascii: "]")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
}
