extension String {
    /// What a fragment of HTML says, in plain text.
    ///
    /// Blocks become lines, and links are followed by their addresses; what no browser would show is left out.
    init(html: String) {
        var text = PlainText()
        var rest = html[...]
        while let open = rest.firstIndex(of: "<") {
            text.append(rest[..<open])
            rest = rest[open...]
            guard let tag = Tag(rest) else {
                text.append("<")
                rest = rest.dropFirst()
                continue
            }
            rest = rest[tag.end...]
            if ["script", "style", "title"].contains(tag.name), !tag.isClosing {
                rest = rest.lowercased(from: "</\(tag.name)")
            }
            text.apply(tag)
        }
        text.append(rest)
        self = text.finished
    }
}

/// A tag, or a comment.
private struct Tag {
    var name = ""
    var isClosing = false
    var address: Substring?
    var end: Substring.Index

    /// - Parameter text: begins with `<`; `nil` if that begins no tag.
    init?(_ text: Substring) {
        if text.hasPrefix("<!--") {
            end = text.firstRange(of: "-->")?.upperBound ?? text.endIndex
            return
        }
        let close = text.dropFirst().firstIndex { $0 == ">" || $0 == "<" }
        guard let close, text[close] == ">" else { return nil }
        var inner = text[..<close].dropFirst()
        isClosing = inner.first == "/"
        if isClosing { inner = inner.dropFirst() }
        guard let first = inner.first, first.isLetter || first == "!" else { return nil }
        name = inner.prefix { $0.isLetter || $0.isNumber }.lowercased()
        end = text.index(after: close)
        guard name == "a", let value = inner.firstRange(of: "href=\"") else { return }
        address = inner[value.upperBound...].prefix { $0 != "\"" }
    }
}

/// Text that is put together as a browser would lay it out.
private struct PlainText {
    private var text = ""
    /// The address of the one that is open.
    private var link: String?

    mutating func append(_ source: Substring) {
        for character in source.decodingEntities {
            // A break that is kept from breaking is a space all the same.
            let isSpace = character.isWhitespace
            if isSpace, text.isEmpty || text.last == " " || text.last == "\n" { continue }
            text.append(isSpace ? " " : character)
        }
    }

    mutating func apply(_ tag: Tag) {
        switch tag.name {
        case "br": text += "\n"
        case "p", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6":
            separate(by: "\n\n")
        case "div", "tr": separate(by: "\n")
        case "li":
            separate(by: "\n")
            if !tag.isClosing { text += "- " }
        case "a" where tag.isClosing:
            if let link, !text.hasSuffix(link) { text += " (\(link))" }
            link = nil
        case "a":
            let address = String((tag.address ?? "").decodingEntities)
            if address.hasPrefix("http://") || address.hasPrefix("https://") {
                link = address
            }
        default: break
        }
    }

    private mutating func separate(by lines: String) {
        while text.last == " " { text.removeLast() }
        guard !text.isEmpty else { return }
        while !text.hasSuffix(lines) { text += "\n" }
    }

    var finished: String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.last == " " ? line.dropLast() : line
        }
        let blank = lines.drop { $0.isEmpty }
        return blank.reversed().drop { $0.isEmpty }.reversed().joined(separator: "\n")
    }
}

extension Substring {
    /// From that text on, in letters of any case; nothing where it does not come.
    fileprivate func lowercased(from text: String) -> Substring {
        var rest = self
        while let next = rest.firstIndex(of: "<") {
            rest = rest[next...]
            if rest.prefix(text.count).lowercased() == text { return rest }
            rest = rest.dropFirst()
        }
        return rest[rest.endIndex...]
    }

    /// The named ones are those that editors write; others stay as they are.
    fileprivate var decodingEntities: String {
        var text = ""
        var rest = self
        while let start = rest.firstIndex(of: "&") {
            text += rest[..<start]
            rest = rest[start...].dropFirst()
            guard let end = rest.prefix(10).firstIndex(of: ";"),
                let character = Self.character(rest[..<end])
            else {
                text += "&"
                continue
            }
            text.append(character)
            rest = rest[end...].dropFirst()
        }
        return text + rest
    }

    private static func character(_ entity: Substring) -> Character? {
        guard entity.first == "#" else { return named[String(entity)] }
        let digits = entity.dropFirst()
        let number =
            digits.first?.lowercased() == "x"
            ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap(Unicode.Scalar.init).map(Character.init)
    }

    private static let named: [String: Character] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
        "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü",
        "szlig": "ß", "agrave": "à", "acirc": "â", "ccedil": "ç", "egrave": "è", "eacute": "é",
        "ecirc": "ê", "euml": "ë", "icirc": "î", "iuml": "ï", "ocirc": "ô", "ucirc": "û",
        "ugrave": "ù", "aacute": "á", "iacute": "í", "oacute": "ó", "uacute": "ú", "ntilde": "ñ",
        "iquest": "¿", "iexcl": "¡", "euro": "€", "pound": "£", "hellip": "…", "ndash": "–",
        "mdash": "—", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "bdquo": "„",
        "laquo": "«", "raquo": "»", "bull": "•", "copy": "©", "reg": "®", "trade": "™",
    ]
}
