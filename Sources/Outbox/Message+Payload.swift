import ExactJSON

extension Message {
    /// The message as the store keeps it: JSON of the shape a shop posts, absent members left out.
    public var payload: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512 + body.utf8.count)
        JSON.object([
            .init("message", json), .init("customer", customer.json),
            order.map { .init("order", $0.json) },
            conversationKey.map { .init("conversation", ["key": .string($0)]) },
            attributes.isEmpty ? nil : .init("attributes", attributes.json),
        ]).write(to: &bytes)
        return bytes
    }

    /// Reads what `payload` has written.
    public init(payload: [UInt8]) throws(FieldError) {
        let json: JSON
        do {
            json = try JSON(parsing: payload)
        } catch {
            throw FieldError(field: "", problem: error.description)
        }
        try self.init(json: json)
    }

    private var json: JSON {
        .object([
            .text("id", shopID), .text("subject", subject), .text("body", body),
            .text("body_type", bodyType.rawValue), .text("direction", direction.rawValue),
            authorship.map { .init("authorship", $0.json) },
            .text("sent_at", sentAt), .text("in_reply_to", inReplyTo),
            attachments.isEmpty ? nil : .init("attachments", .array(attachments.map(\.json))),
        ])
    }
}

extension Authorship {
    fileprivate var json: JSON {
        .object([
            .text("agent", agent.id), .text("name", agent.name),
            .text("conversation", conversation), .text("queue", queue?.id),
            .text("queue_name", queue?.name), .text("event", event),
        ])
    }
}

extension Attachment {
    fileprivate var json: JSON {
        .object([
            .text("name", name), .text("content_type", contentType), .number("size", size),
            .text("url", url), .text("file", file?.description),
        ])
    }
}

extension Customer {
    fileprivate var json: JSON {
        .object([
            .text("id", id), .text("email", email), .text("name", name),
            .text("first_name", firstName), .text("last_name", lastName), .text("phone", phone),
            .text("locale", locale), .text("company", company),
        ])
    }
}

extension Order {
    fileprivate var json: JSON {
        .object([
            .text("id", id), .text("number", number), .text("status", status),
            .text("fulfillment_status", fulfillmentStatus), .text("currency", currency),
            .money("total", total), .text("created_at", createdAt), .text("url", url),
            .number("item_count", itemCount),
            items.isEmpty ? nil : .init("items", .array(items.map(\.json))),
        ])
    }
}

extension Order.Item {
    fileprivate var json: JSON {
        .object([
            .text("sku", sku), .text("name", name), .number("quantity", quantity),
            .money("price", price),
        ])
    }
}

extension [Attribute] {
    fileprivate var json: JSON { .object(map { .init($0.name, .string($0.value)) }) }
}

extension JSON {
    fileprivate static func object(_ members: [Member?]) -> JSON {
        .object(members.compactMap { $0 })
    }
}

extension JSON.Member? {
    fileprivate static func text(_ name: String, _ text: String?) -> Self {
        text.map { .init(name, .string($0)) }
    }

    fileprivate static func number(_ name: String, _ lexeme: String?) -> Self {
        lexeme.map { .init(name, JSON(lexeme: $0) ?? .string($0)) }
    }

    /// A string where the text is fit for one, else the number it was.
    fileprivate static func money(_ name: String, _ amount: String?) -> Self {
        guard let amount, !amount.isMoney else { return .text(name, amount) }
        return .number(name, amount)
    }
}
