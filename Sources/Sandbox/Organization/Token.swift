import Foundation

/// An access token that was handed out.
struct Token: Sendable {
    /// What the journal calls it.
    let name: String
    /// The id of the OAuth client it was handed to.
    let client: String
    /// The id of the agent who has logged in there; none if the client calls for itself.
    let agent: String?
    let expires: Date
}

extension Date {
    /// ISO 8601 with milliseconds, in UTC, as the API writes it.
    var apiText: String {
        formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// The same with microseconds.
    var journalText: String {
        let seconds = timeIntervalSince1970.rounded(.down)
        let microseconds = Int((timeIntervalSince1970 - seconds) * 1e6)
        let text = Date(timeIntervalSince1970: seconds).formatted(Date.ISO8601FormatStyle())
        return "\(text.dropLast()).\(String(1_000_000 + microseconds).dropFirst())Z"
    }
}
