import Outbox

extension String {
    /// A media type without its parameters, in lower case.
    var mediaType: String {
        String(prefix { $0 != ";" }).lowercased().filter { !$0.isWhitespace }
    }

    /// As the text of one line: controls, and marks that turn the reading direction, are left out.
    var onOneLine: String {
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: continue
            default: text.append(scalar)
            }
        }
        return String(text).trimmed
    }

    private var trimmed: String {
        var rest = self[...].drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    /// The name of a file without its path, of at most 200 characters, its extension kept; `nil` where nothing is
    /// left of it.
    var asFileName: String? {
        // By scalar: a mark behind a stroke makes another character of both, and none in a file system.
        let last = onOneLine.unicodeScalars.split { $0 == "/" || $0 == "\\" }.last
        let name = last.map { String(Substring($0.drop { $0 == "." })).trimmed } ?? ""
        guard !name.isEmpty else { return nil }
        let scalars = name.unicodeScalars
        guard scalars.count > 200 else { return name }
        let suffix = scalars.lastIndex(of: ".").map { scalars[$0...] } ?? scalars.suffix(0)
        guard suffix.count <= 20 else { return String(scalars.prefix(200)) }
        return String(scalars.prefix(200 - suffix.count)) + String(suffix)
    }

    /// For `Content-Disposition`: in ASCII for old clients, and as RFC 5987 writes any.
    var asAttachment: String {
        let plain = unicodeScalars.map { scalar in
            scalar.isASCII && !"\"\\%".unicodeScalars.contains(scalar) && scalar.value >= 32
                && scalar.value != 127 ? Character(scalar) : "_"
        }
        return "attachment; filename=\"\(String(plain))\"; filename*=UTF-8''\(percentEncoded)"
    }
}
