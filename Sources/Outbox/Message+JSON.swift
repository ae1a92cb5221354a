public import ExactJSON

extension Message {
    /// Reads what the customer wrote out of the members `message`, `customer`, `order`, `conversation`
    /// and `attributes`; others are passed over.
    public init(json: JSON) throws(FieldError) {
        try self.init(Fields(json, at: ""))
    }

    init(_ fields: Fields) throws(FieldError) {
        let message = try fields.require("message", try fields.object("message"))
        let customer = try fields.require("customer", try fields.object("customer"))
        try message.notNull("id")
        let body = try message.require("body", try message.text("body", max: 65_536))
        guard body.contains(where: { !$0.isWhitespace }) else {
            throw message.error("body", "must not be empty")
        }
        self.init(
            shopID: try message.id("id"),
            subject: try message.line("subject", max: 998),
            body: body,
            bodyType: try message.choice("body_type", default: .text),
            direction: try message.choice("direction", default: .customer),
            authorship: try message.object("authorship").map(Authorship.init),
            sentAt: try message.dateTime("sent_at"),
            inReplyTo: try message.key("in_reply_to", max: 255),
            attachments: try message.objects("attachments", max: 20).map(Attachment.init),
            customer: try Customer(customer),
            order: try fields.object("order").map(Order.init),
            attributes: try fields.object("attributes").map(Attribute.all) ?? [],
            conversationKey: try fields.object("conversation")?.key("key", max: 255))
        // A key without a character names nothing.
        if conversationKey == "" { conversationKey = nil }
    }
}

extension Authorship {
    fileprivate init(_ fields: Fields) throws(FieldError) {
        self.init(
            agent: Agent(
                id: try fields.require("agent", try fields.id("agent")),
                name: try fields.line("name", max: 255)),
            conversation: try fields.key("conversation", max: 255),
            queue: try fields.id("queue").map { id throws(FieldError) in
                Queue(id: id, name: try fields.line("queue_name", max: 255))
            },
            event: try fields.key("event", max: 512))
    }
}

extension Customer {
    fileprivate init(_ fields: Fields) throws(FieldError) {
        self.init(
            id: try fields.id("id"),
            email: try fields.email("email"),
            name: try fields.line("name", max: 255),
            firstName: try fields.line("first_name", max: 128),
            lastName: try fields.line("last_name", max: 128),
            phone: try fields.line("phone", max: 64),
            locale: try fields.line("locale", max: 35),
            company: try fields.line("company", max: 255))
        guard id != nil || email != nil else {
            throw FieldError(field: fields.path, problem: "needs an email or an id")
        }
    }
}

extension Order {
    fileprivate init(_ fields: Fields) throws(FieldError) {
        self.init(
            id: try fields.id("id"),
            number: try fields.id("number"),
            status: try fields.line("status", max: 64),
            fulfillmentStatus: try fields.line("fulfillment_status", max: 64),
            currency: try fields.line("currency", max: 8),
            total: try fields.money("total"),
            createdAt: try fields.dateTime("created_at"),
            url: try fields.webAddress("url"),
            itemCount: try fields.count("item_count"),
            items: try fields.objects("items", max: 2000).map(Item.init))
    }
}

extension Order.Item {
    fileprivate init(_ fields: Fields) throws(FieldError) {
        self.init(
            sku: try fields.line("sku", max: 255),
            name: try fields.line("name", max: 512),
            quantity: try fields.number("quantity"),
            price: try fields.money("price"))
    }
}

extension Attachment {
    fileprivate init(_ fields: Fields) throws(FieldError) {
        guard fields["content"] == nil else {
            throw fields.error(
                "content", "is not supported yet: leave the file where it is and give its url")
        }
        self.init(
            name: try fields.require("name", try fields.line("name", max: 255)),
            contentType: try fields.line("content_type", max: 255),
            size: try fields.count("size"),
            url: try fields.webAddress("url"),
            file: fields["file"]?.string.flatMap { FileID($0) })
    }
}

extension Attribute {
    private static let reserved = ["bridge.", "customer.", "order."]

    fileprivate static func all(_ fields: Fields) throws(FieldError) -> [Attribute] {
        guard fields.all.count <= 50 else {
            throw FieldError(field: fields.path, problem: "has more than 50 members")
        }
        var attributes: [Attribute] = []
        for member in fields.all {
            let name = member.name
            guard (1...64).contains(name.unicodeScalars.count),
                !name.hasControls()
            else {
                throw FieldError(
                    field: fields.path,
                    problem: "has a name that is empty, has control characters or is longer than 64"
                )
            }
            if let prefix = reserved.first(where: name.hasPrefix) {
                throw fields.error(
                    name, "must not begin with \(prefix), which the bridge itself uses")
            }
            if let value = try value(member, fields) { attributes.append(Attribute(name, value)) }
        }
        return attributes
    }

    private static func value(
        _ member: JSON.Member, _ fields: Fields
    ) throws(FieldError) -> String? {
        switch member.value {
        case .null: return nil
        case .bool(let flag): return flag ? "true" : "false"
        case .number(let lexeme): return lexeme
        case .string(let text): return text.withoutControls
        case .array, .object:
            throw fields.error(member.name, "has to be a string, a number, true, false or null")
        }
    }
}
