extension Fields {
    /// An address as a mail program could use it: one `@`, and nothing that could end the address.
    func email(_ name: String) throws(FieldError) -> String? {
        guard let text = try string(name, max: 254) else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        let hasSpace = text.unicodeScalars.contains {
            $0 == " " || !$0.isASCII && $0.properties.isWhitespace
        }
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), !hasSpace, !text.hasControls(),
            !text.utf8.contains(where: { "<>,;".utf8.contains($0) })
        else {
            throw error(name, "has to be one e-mail address such as name@example.com")
        }
        return text
    }

    /// An address of the web with a host: `http` or `https`, so that nothing else is ever made a link.
    func webAddress(_ name: String) throws(FieldError) -> String? {
        guard let text = try string(name, max: 2048) else { return nil }
        guard text.isWebAddress else {
            throw error(name, "has to be an absolute http or https URL")
        }
        return text
    }

    /// A moment as RFC 3339 writes it, kept as it is.
    func dateTime(_ name: String) throws(FieldError) -> String? {
        guard let text = try string(name, max: 64) else { return nil }
        guard text.isDateTime else {
            throw error(name, "has to be a date and time such as 2026-03-04T09:12:44Z (RFC 3339)")
        }
        return text
    }
}

extension String {
    /// `-`, 1 to 15 digits, and after a point or comma 1 to 6 more.
    var isMoney: Bool {
        var rest = Substring(self).utf8
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let whole = rest.prefix(while: \.isDigit)
        let decimals = rest.dropFirst(whole.count)
        guard (1...15).contains(whole.count) else { return false }
        guard let mark = decimals.first else { return true }
        return (mark == UInt8(ascii: ".") || mark == UInt8(ascii: ","))
            && (2...7).contains(decimals.count) && decimals.dropFirst().allSatisfy(\.isDigit)
    }

    fileprivate var isWebAddress: Bool {
        let lowered = prefix(8).lowercased()
        guard let scheme = ["https://", "http://"].first(where: lowered.hasPrefix),
            let host = utf8.dropFirst(scheme.utf8.count).first, !"/?#".utf8.contains(host)
        else { return false }
        return unicodeScalars.allSatisfy { character in
            switch character {
            case "<", ">", "\"", "\\": false
            case "!"..."~": true
            default:
                !character.isASCII && !character.isControl && !character.properties.isWhitespace
            }
        }
    }

    fileprivate var isDateTime: Bool {
        let bytes = Array(utf8)
        guard bytes.count >= 20 else { return false }
        let shape = zip(bytes, "dddd-dd-ddTdd:dd:dd".utf8).allSatisfy { byte, sample in
            switch sample {
            case UInt8(ascii: "d"): byte.isDigit
            case UInt8(ascii: "T"): byte & 0xDF == sample
            default: byte == sample
            }
        }
        guard shape else { return false }
        func number(_ range: Range<Int>) -> Int {
            bytes[range].reduce(0) { $0 * 10 + Int($1) - 48 }
        }
        guard isDate(number(0..<4), number(5..<7), number(8..<10)),
            number(11..<13) < 24, number(14..<16) < 60, number(17..<19) <= 60
        else { return false }
        var zone = bytes[19...]
        if zone.first == UInt8(ascii: ".") {
            let fraction = zone.dropFirst().prefix(while: \.isDigit)
            guard !fraction.isEmpty else { return false }
            zone = zone[fraction.endIndex...]
        }
        if zone.count == 1 { return zone.first.map { $0 & 0xDF == UInt8(ascii: "Z") } ?? false }
        let at = zone.startIndex
        guard zone.count == 6, zone[at] == UInt8(ascii: "+") || zone[at] == UInt8(ascii: "-"),
            zone[at + 3] == UInt8(ascii: ":"),
            [1, 2, 4, 5].allSatisfy({ zone[at + $0].isDigit })
        else { return false }
        return number(at + 1..<at + 3) < 24 && number(at + 4..<at + 6) < 60
    }

    /// The text with a space for each control character, so that it stays one line.
    var asOneLine: String {
        guard hasControls() else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0.isControl ? " " : $0 }))
    }

    /// The text without control characters other than tabs and line ends.
    var withoutControls: String {
        guard hasControls(besides: tabsAndLineEnds) else { return self }
        return String(
            String.UnicodeScalarView(
                unicodeScalars.filter { !$0.isControl || "\t\n\r".unicodeScalars.contains($0) }))
    }

    /// Whether a character of the C0 or C1 set is in the text; reads bytes, for a message has many.
    /// - Parameter allowed: a bit for each character of C0 that does not count.
    func hasControls(besides allowed: UInt32 = 0) -> Bool {
        let bytes = utf8.span
        var beginsC1 = false
        for index in bytes.indices {
            let byte = bytes[index]
            if byte < 0x20 {
                if allowed >> byte & 1 == 0 { return true }
            } else if byte == 0x7F || beginsC1 && byte < 0xA0 {
                return true
            }
            beginsC1 = byte == 0xC2
        }
        return false
    }
}

private let tabsAndLineEnds: UInt32 = 1 << 9 | 1 << 10 | 1 << 13

private func isDate(_ year: Int, _ month: Int, _ day: Int) -> Bool {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...12).contains(month) && (1...days[month - 1]).contains(day)
}

extension Unicode.Scalar {
    /// Of the C0 or C1 set, line ends and tabs among them.
    var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
