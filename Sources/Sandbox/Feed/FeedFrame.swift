import Foundation

/// The texts that a channel sends.
enum FeedFrame {
    /// Something about the channel itself, as a heartbeat.
    static func told(_ message: String, topic: String = "channel.metadata") -> String {
        text(Told(topicName: topic, eventBody: .init(message: message)))
    }

    static func event(_ record: ConversationRecord, on topic: QueueTopic) -> String {
        text(
            Event(
                topicName: topic.id, eventBody: EmailConversationEvent(record),
                metadata: .init(CorrelationId: UUID().text)))
    }

    private static func text(_ frame: some Encodable) -> String {
        String(decoding: Answer.json(frame).body, as: UTF8.self)
    }

    private struct Told: Encodable {
        struct Body: Encodable {
            let message: String
        }

        let topicName: String
        let eventBody: Body
    }

    private struct Event: Encodable {
        struct Metadata: Encodable {
            let CorrelationId: String
        }

        let topicName: String
        let version = "2"
        let eventBody: EmailConversationEvent
        let metadata: Metadata
    }
}
