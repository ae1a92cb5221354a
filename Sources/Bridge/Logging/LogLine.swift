import ExactJSON
import Logging
import Outbox

/// How one event becomes one line.
enum LogLine: Sendable, Equatable {
    /// For people: time, level, message, `key=value`.
    case text(colored: Bool)
    /// For machines: one object with `time`, `level`, `label`, `message` and `metadata`.
    case json

    /// The line without its end; whatever the event holds, there is no second line and no terminal code
    /// in it.
    func line(
        at time: Timestamp, level: Logger.Level, label: String, message: String,
        metadata: Logger.Metadata
    ) -> String {
        let sorted = metadata.sorted { $0.key < $1.key }
        switch self {
        case .text(let colored):
            let style = colored ? level.style : nil
            let paint = { (text: String, code: String?) in
                code.map { "\u{1B}[\($0)m\(text)\u{1B}[0m" } ?? text
            }
            let name = level.rawValue.padded(to: 8)
            let pairs = sorted.map { key, value in
                paint("\(key.onOneLine)=", colored ? "2" : nil) + value.plain.quotedIfNeeded
            }
            return
                ([paint("\(time)", colored ? "2" : nil), paint(name, style), message.onOneLine]
                + pairs).joined(separator: " ")
        case .json:
            return JSON.object([
                .init("time", .string(time.description)), .init("level", .string(level.rawValue)),
                .init("label", .string(label)), .init("message", .string(message)),
                .init("metadata", .object(sorted.map { .init($0.key, $0.value.json) })),
            ]).text
        }
    }
}

extension Logger.Level {
    /// Its colour on a terminal.
    fileprivate var style: String? {
        switch self {
        case .trace, .debug: "2"
        case .info: nil
        case .notice: "36"
        case .warning: "33"
        case .error, .critical: "31;1"
        }
    }
}

extension Logger.MetadataValue {
    fileprivate var plain: String {
        switch self {
        case .string(let text): text
        case .stringConvertible(let value): value.description
        case .array, .dictionary: json.text
        }
    }

    fileprivate var json: JSON {
        switch self {
        case .string(let text): .string(text)
        case .stringConvertible(let value as any BinaryInteger): .number("\(value)")
        case .stringConvertible(let value): .string(value.description)
        case .array(let values): .array(values.map(\.json))
        case .dictionary(let values):
            .object(values.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.json) })
        }
    }
}

extension String {
    /// Without control characters, which could end the line or steer the terminal.
    var onOneLine: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        return unicodeScalars.reduce(into: "") { line, scalar in
            if scalar.isControl {
                line += scalar == "\n" ? "\\n" : scalar.escaped(asASCII: true)
            } else {
                line.unicodeScalars.append(scalar)
            }
        }
    }

    fileprivate var quotedIfNeeded: String {
        let line = onOneLine
        guard line.isEmpty || line.utf8.contains(where: " \"=\\".utf8.contains) else { return line }
        // By scalar: a mark behind a quotation mark makes another character of both, and ends the value still.
        var quoted = String.UnicodeScalarView()
        for scalar in line.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
            quoted.append(scalar)
        }
        return "\"\(String(quoted))\""
    }

    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
