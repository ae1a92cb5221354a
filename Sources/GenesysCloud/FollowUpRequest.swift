import ExactJSON
import Outbox

/// The body that adds messages to a live third-party conversation.
///
/// `POST /api/v2/conversations/emails/{id}/inboundmessages`. It names neither queue nor flow, since the
/// conversation is routed already. Nor does it bear `bridge.key`, by which the conversation stays the one of
/// the entry that created it; that it names all the others keeps them where attributes are replaced.
struct FollowUpRequest {
    var provider: String
    /// In their order; at least one.
    var deliveries: [(entry: Entry, message: Message)]
    var shop: ShopProfile

    var json: JSON {
        var data = ParticipantData()
        if let (entry, message) = deliveries.last {
            data.add("bridge.last", entry.id.description)
            data.add(message, of: entry, for: shop)
        }
        return ["provider": .string(provider), "attributes": data.json]
    }

    static func path(_ conversation: String) -> String {
        "/api/v2/conversations/emails/\(conversation)/inboundmessages"
    }
}
