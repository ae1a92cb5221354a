import Foundation

/// `start/end` in ISO 8601: the time that a query is about, without its end.
struct QueryInterval: Decodable {
    static let maximumDays = 31

    let start: Date
    let end: Date

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let parts = try container.decode(String.self).split(separator: "/")
        guard parts.count == 2, let start = Date(apiText: parts[0]),
            let end = Date(apiText: parts[1]), start < end
        else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "expected start/end in ISO 8601, the start before the end")
        }
        guard end.timeIntervalSince(start) <= Double(Self.maximumDays) * 86_400 else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "longer than \(Self.maximumDays) days")
        }
        self.start = start
        self.end = end
    }
}

extension Date {
    /// ISO 8601 with or without a fraction; in UTC if it names no zone.
    init?(apiText text: some StringProtocol) {
        var text = String(text)
        let time = text.drop { $0 != "T" }
        if !time.contains(where: { "Z+-".contains($0) }) {
            text += "Z"
        }
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: time.contains("."))
        guard let date = try? style.parse(text) else { return nil }
        self = date
    }
}
