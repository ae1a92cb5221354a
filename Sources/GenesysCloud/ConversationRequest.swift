import ExactJSON
import Outbox

/// The body that creates a third-party email conversation for one entry.
///
/// `POST /api/v2/conversations/emails`; a member the schema does not know is never sent. No text of the
/// message goes along: Genesys would not keep it.
struct ConversationRequest {
    var provider: String
    var entry: Entry
    var message: Message
    var target: RouteTarget
    var shop: ShopProfile
    var now: Timestamp
    /// Of its thread.
    var standing = Standing()

    var json: JSON {
        var members: [(String, JSON)] = [
            ("provider", .string(provider)),
            ("direction", "INBOUND"),
        ]
        members += target.members(priority: target.priority(afterWaiting: now - entry.acceptedAt))
        members += [
            ("fromName", .string(fromName.clamped(to: 64))),
            ("fromAddress", .string(fromAddress.clamped(to: 253))),
            ("toName", .string(shop.toName.clamped(to: 64))),
            ("toAddress", .string(entry.id.description)),
            ("subject", .string(subject.clamped(to: 400))),
            ("attributes", attributes),
        ]
        return JSON(members: members)
    }

    private var attributes: JSON {
        var data = ParticipantData()
        data.add("bridge.key", entry.id.description)
        data.add("bridge.last", entry.id.description)
        if standing.earlier > 0 {
            data.add("bridge.reopened", String(standing.earlier))
            data.add("bridge.last_agent", standing.lastAgent?.id)
        }
        data.add(message, of: entry, for: shop)
        return data.json
    }

    private var fromName: String { personal[.name] ?? fromAddress }

    private var fromAddress: String {
        personal[.email] ?? personal[.id] ?? entry.thread.description
    }

    private var personal: [ShopProfile.PersonalField: String] {
        Dictionary(uniqueKeysWithValues: shop.personal(of: message.customer))
    }

    private var subject: String {
        entry.isPossibleDuplicate ? "[possible duplicate] \(topic)" : topic
    }

    private var topic: String {
        if let subject = message.subject, !subject.isEmpty { return subject }
        guard let order = message.order?.number ?? message.order?.id else { return "New message" }
        return "Order \(order)"
    }
}
