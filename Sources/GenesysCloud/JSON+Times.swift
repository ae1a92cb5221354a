import ExactJSON
import FoundationEssentials
import Outbox

extension JSON {
    /// The moment a member names, in ISO 8601 with fractions of a second or without; `nil` for anything else.
    func time(_ name: String) -> Timestamp? {
        guard let text = self[name]?.string, text.utf8.count <= 40 else { return nil }
        let styles = [
            Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle(),
        ]
        for style in styles {
            guard let date = try? style.parse(text) else { continue }
            return Timestamp(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
        }
        return nil
    }

    /// The newest of the moments these members name.
    func newest(_ names: [String]) -> Timestamp? {
        names.compactMap { time($0) }.max()
    }

    /// In small letters and without dots: topics write `session.expired`, analytics `sessionExpired`.
    var disconnectType: String? {
        string.map { String($0.lowercased().filter { $0 != "." }.prefix(64)) }
    }
}
