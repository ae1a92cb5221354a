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
        data.add("bridge.thread", entry.thread.description)
        data.add("bridge.shop", entry.shop.description)
        data.add("bridge.received_at", entry.acceptedAt.description)
        if entry.isPossibleDuplicate { data.add("bridge.possible_duplicate", "true") }
        for (name, value) in personal { data.add("customer.\(name.rawValue)", value) }
        if let order = message.order {
            data.add("order.id", order.id)
            data.add("order.number", order.number)
            data.add("order.status", order.status)
            data.add("order.total", order.total)
            data.add("order.currency", order.currency)
            data.add("order.url", order.url)
        }
        for attribute in message.attributes { data.add(attribute.name, attribute.value) }
        data.add("order.items", message.order?.summary)
        var pairs = data.attributes
        if data.omitted > 0 { pairs.append(Attribute("bridge.omitted", String(data.omitted))) }
        return JSON(members: pairs.map { ($0.name, .string($0.value)) })
    }

    private var personal: [(ShopProfile.PersonalField, String)] {
        let customer = message.customer
        let values: [(ShopProfile.PersonalField, String?)] = [
            (.id, customer.id), (.name, customer.displayName), (.email, customer.email),
            (.phone, customer.phone), (.locale, customer.locale),
        ]
        return values.compactMap { field, value in
            shop.personalFields.contains(field) ? value.map { (field, $0) } : nil
        }
    }

    private var fromName: String {
        personal.first { $0.0 == .name }?.1 ?? fromAddress
    }

    private var fromAddress: String {
        personal.first { $0.0 == .email }?.1 ?? personal.first { $0.0 == .id }?.1
            ?? entry.thread.description
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

extension Order {
    /// The items on one line: `2 × IPod Nano (IPOD2008PINK); …`.
    fileprivate var summary: String? {
        let lines = items.compactMap { item -> String? in
            guard let what = item.name ?? item.sku else { return nil }
            let sku = item.name == nil ? nil : item.sku
            return (item.quantity.map { "\($0) × " } ?? "") + what + (sku.map { " (\($0))" } ?? "")
        }
        return lines.isEmpty ? nil : lines.joined(separator: "; ")
    }
}
