import ExactJSON

/// What a channel tells in one text.
enum FeedMessage: Sendable, Equatable {
    /// How a conversation stands, after a change of it.
    case conversation(ConversationSnapshot)
    /// The channel ends within about a minute (`v2.system.socket_closing`).
    case closing
    /// A heartbeat, or anything else that only shows that the channel lives.
    case other

    init(_ text: [UInt8]) {
        guard let json = try? JSON(parsing: text), let topic = json["topicName"]?.string else {
            self = .other
            return
        }
        // Genesys does not keep to one case of names.
        switch topic.lowercased() {
        case "v2.system.socket_closing": self = .closing
        case let name where QueueTopics.isQueue(name):
            self =
                json["eventBody"].flatMap(ConversationSnapshot.init(email:))
                .map(Self.conversation) ?? .other
        default: self = .other
        }
    }
}
