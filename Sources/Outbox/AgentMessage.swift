/// What an agent writes in a thread.
public struct AgentMessage: Sendable {
    /// How long a body may be, in Unicode scalars.
    public static let maxBody = 65_536
    /// How many attachments there may be.
    public static let maxAttachments = 20

    public enum Kind: String, Sendable, CaseIterable {
        /// For the customer: goes to the shop.
        case answer
        /// For colleagues: stays in the transcript.
        case note
    }

    public var kind: Kind
    public var thread: ThreadName
    public var agent: Agent
    /// Who is recorded to have written it, if that is not the agent: the name of an operator's token.
    public var actor: String?
    public var body: String
    /// Of a kept file all but the file is as the store has it.
    public var attachments: [Attachment]
    /// The conversation it was written in.
    public var conversation: String?
    /// The customer's newest message that the agent had before them; `nil` asks for no check.
    public var seen: MessageID?
    /// Chosen by the agent's client: the same one twice in a thread is one message.
    public var key: IdempotencyKey
    /// Of all that the client sent under that key: tells a repeat from a key used twice.
    public var digest: [UInt8]
    /// For how long an answer can be taken back before it goes to the shop; of no effect where the shop reads
    /// it for itself.
    public var hold: Duration

    public init(
        _ kind: Kind, in thread: ThreadName, by agent: Agent, actor: String? = nil, body: String,
        attachments: [Attachment] = [], conversation: String? = nil, seen: MessageID? = nil,
        key: IdempotencyKey, digest: [UInt8], hold: Duration = .zero
    ) {
        self.kind = kind
        self.thread = thread
        self.agent = agent
        self.actor = actor
        self.body = body
        self.attachments = attachments
        self.conversation = conversation
        self.seen = seen
        self.key = key
        self.digest = digest
        self.hold = hold
    }
}

extension AgentMessage {
    /// Unlike any that a shop can post, and any of another thread.
    public var storedKey: IdempotencyKey {
        IdempotencyKey("\u{1}\(kind.rawValue)\u{1}\(thread.key)\u{1}\(key)")
    }
}

/// Who did what in a thread: rows are added, never changed.
public struct AuditRecord: Sendable, Equatable {
    public enum Action: String, Sendable, CaseIterable {
        case read, answered, noted, withdrawn, dismissed, finished, recreated, closed, retried,
            linked
    }

    public var at: Timestamp
    public var action: Action
    /// An agent's id at Genesys, the name of an operator's token, or `shop`.
    public var actor: String
    public var message: MessageID?
    public var detail: String?

    public init(
        at: Timestamp, action: Action, actor: String, message: MessageID? = nil,
        detail: String? = nil
    ) {
        self.at = at
        self.action = action
        self.actor = actor
        self.message = message
        self.detail = detail
    }
}
