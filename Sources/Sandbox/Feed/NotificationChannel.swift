import Foundation

/// A channel of the notification service: what it tells, until when, and to whom.
struct NotificationChannel: Sendable {
    /// How long before its end a channel is told of it; a short-lived one, at half its life.
    static let warning: TimeInterval = 60

    /// Whoever has it may connect.
    let id: String
    /// Whose it is: a client, or an agent at a client.
    let owner: String
    var expires: Date
    var lastUsed: Date
    var topics: [QueueTopic] = []
    var connection: FeedConnection?
    /// When the connection was last told that it stands.
    var lastBeat = Date.distantPast
    /// When the connection is told of the end; none once it was.
    var warns: Date?

    init(owner: String, lifetime: TimeInterval, at now: Date) {
        id = (UUID().text + UUID().text).filter { $0 != "-" }
        self.owner = owner
        lastUsed = now
        expires = now
        extend(by: lifetime, at: now)
    }

    mutating func extend(by lifetime: TimeInterval, at now: Date) {
        expires = now.addingTimeInterval(lifetime)
        warns = expires.addingTimeInterval(-min(Self.warning, lifetime / 2))
        lastUsed = now
    }
}
