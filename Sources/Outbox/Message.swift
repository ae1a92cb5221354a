/// What somebody wrote, with the customer and the order it is about.
///
/// Identifiers and amounts are text as the shop wrote them: a number above 2^53 or `1.10` stays what it is.
public struct Message: Sendable, Equatable {
    public enum BodyType: String, Sendable, CaseIterable {
        case text, html
    }

    /// Who wrote: only a customer's message is delivered to an agent, the others join the transcript.
    public enum Direction: String, Sendable, CaseIterable {
        case customer, staff, system
        /// An agent for colleagues; no shop sees it, and none may post it.
        case note
    }

    /// The shop's own id of the message.
    public var shopID: String?
    public var subject: String?
    public var body: String
    public var bodyType: BodyType
    public var direction: Direction
    /// How an agent wrote it; `nil` for all that a shop has posted.
    public var authorship: Authorship?
    /// RFC 3339, as the shop wrote it.
    public var sentAt: String?
    public var inReplyTo: String?
    public var attachments: [Attachment]
    public var customer: Customer
    public var order: Order?
    /// The shop's own pairs, in its order; names never begin with `bridge.`, `customer.` or `order.`.
    public var attributes: [Attribute]
    /// The thread the shop names itself; without it the shop's thread rule decides.
    public var conversationKey: String?

    public init(
        shopID: String? = nil, subject: String? = nil, body: String, bodyType: BodyType = .text,
        direction: Direction = .customer, authorship: Authorship? = nil, sentAt: String? = nil,
        inReplyTo: String? = nil,
        attachments: [Attachment] = [], customer: Customer, order: Order? = nil,
        attributes: [Attribute] = [], conversationKey: String? = nil
    ) {
        self.shopID = shopID
        self.subject = subject
        self.body = body
        self.bodyType = bodyType
        self.direction = direction
        self.authorship = authorship
        self.sentAt = sentAt
        self.inReplyTo = inReplyTo
        self.attachments = attachments
        self.customer = customer
        self.order = order
        self.attributes = attributes
        self.conversationKey = conversationKey
    }
}

/// Who wrote a message at Genesys, and what it answers.
public struct Authorship: Sendable, Equatable {
    public var agent: Agent
    /// The conversation it was written in.
    public var conversation: String?
    /// Where the conversation was then.
    public var queue: Queue?
    /// The idempotency key of the customer's message that it answers.
    public var event: String?

    public init(
        agent: Agent, conversation: String? = nil, queue: Queue? = nil, event: String? = nil
    ) {
        self.agent = agent
        self.conversation = conversation
        self.queue = queue
        self.event = event
    }
}

public struct Attribute: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A file beside a message: the customer's stays where the shop keeps it, an agent's is kept here.
public struct Attachment: Sendable, Equatable {
    public var name: String
    public var contentType: String?
    /// In bytes.
    public var size: String?
    /// `http` or `https` only.
    public var url: String?
    /// Of an agent's file.
    public var file: FileID?

    public init(
        name: String, contentType: String? = nil, size: String? = nil, url: String? = nil,
        file: FileID? = nil
    ) {
        self.name = name
        self.contentType = contentType
        self.size = size
        self.url = url
        self.file = file
    }
}
