import ExactJSON
import Outbox

extension ParticipantData {
    /// Adds what agents and rules of routing are to know of a message, the most needed first; none of its text.
    mutating func add(_ message: Message, of entry: Entry, for shop: ShopProfile) {
        add("bridge.thread", entry.thread.description)
        add("bridge.shop", entry.shop.description)
        add("bridge.received_at", entry.acceptedAt.description)
        if entry.isPossibleDuplicate { add("bridge.possible_duplicate", "true") }
        for (field, value) in shop.personal(of: message.customer) {
            add("customer.\(field.rawValue)", value)
        }
        if let order = message.order {
            add("order.id", order.id)
            add("order.number", order.number)
            add("order.status", order.status)
            add("order.total", order.total)
            add("order.currency", order.currency)
            add("order.url", order.url)
        }
        for attribute in message.attributes { add(attribute.name, attribute.value) }
        add("order.items", message.order?.summary)
    }

    /// What a request bears, with the number of those that did not fit.
    var json: JSON {
        var pairs = attributes
        if omitted > 0 { pairs.append(Attribute("bridge.omitted", String(omitted))) }
        return JSON(members: pairs.map { ($0.name, .string($0.value)) })
    }
}

extension ShopProfile {
    /// What may go to Genesys of a customer.
    func personal(of customer: Customer) -> [(PersonalField, String)] {
        let values: [(PersonalField, String?)] = [
            (.id, customer.id), (.name, customer.displayName), (.email, customer.email),
            (.phone, customer.phone), (.locale, customer.locale),
        ]
        return values.compactMap { field, value in
            personalFields.contains(field) ? value.map { (field, $0) } : nil
        }
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
