extension JSON {
    /// The value as JSON in UTF-8, without space between its parts.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    /// What `bytes` has, as a string.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Appends the value to bytes that are being put together.
    public func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let lexeme): bytes.append(contentsOf: lexeme.utf8)
        case .string(let text): Self.write(text, to: &bytes)
        case .array(let elements):
            bytes.append(.openBracket)
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(.comma) }
                element.write(to: &bytes)
            }
            bytes.append(.closeBracket)
        case .object(let members):
            bytes.append(.openBrace)
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(.comma) }
                Self.write(member.name, to: &bytes)
                bytes.append(.colon)
                member.value.write(to: &bytes)
            }
            bytes.append(.closeBrace)
        }
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(.quote)
        let plain = text.utf8.span
        var start = 0
        for place in plain.indices {
            let byte = plain[place]
            guard byte < .space || byte == .quote || byte == .backslash else { continue }
            append(plain.extracting(start..<place), to: &bytes)
            escape(byte, to: &bytes)
            start = place + 1
        }
        append(plain.extracting(start...), to: &bytes)
        bytes.append(.quote)
    }

    private static func append(_ run: Span<UInt8>, to bytes: inout [UInt8]) {
        run.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    private static func escape(_ byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(.backslash)
        switch byte {
        case .newline: bytes.append(UInt8(ascii: "n"))
        case .carriageReturn: bytes.append(UInt8(ascii: "r"))
        case .tab: bytes.append(UInt8(ascii: "t"))
        case ..<(.space):
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(.zero + byte >> 4)
            bytes.append(contentsOf: String(byte & 0xF, radix: 16).utf8)
        default: bytes.append(byte)
        }
    }
}
