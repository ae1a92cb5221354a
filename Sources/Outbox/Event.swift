import ExactJSON

/// Something that happened to a thread, which its shop may be told.
public struct Event: Sendable, Equatable {
    public var name: EventName
    public var at: Timestamp
    /// The conversation's id at Genesys.
    public var conversation: String?
    public var agent: Agent?
    public var queue: Queue?
    public var end: ConversationEnd?
    public var wrapUp: WrapUp?
    /// Whether the customer has an answer, or needs none.
    public var answered: Bool?
    public var status: ThreadStatus?
    /// The message it is about.
    public var message: MessageID?
    /// The shop's own id of it.
    public var shopMessageID: String?
    /// Why, for a person.
    public var reason: String?

    public init(
        _ name: EventName, at: Timestamp, conversation: String? = nil, agent: Agent? = nil,
        queue: Queue? = nil, end: ConversationEnd? = nil, wrapUp: WrapUp? = nil,
        answered: Bool? = nil, status: ThreadStatus? = nil, message: MessageID? = nil,
        shopMessageID: String? = nil, reason: String? = nil
    ) {
        self.name = name
        self.at = at
        self.conversation = conversation
        self.agent = agent
        self.queue = queue
        self.end = end
        self.wrapUp = wrapUp
        self.answered = answered
        self.status = status
        self.message = message
        self.shopMessageID = shopMessageID
        self.reason = reason
    }
}

/// What an event is called, in the settings (`shops.<name>.events`) and towards the shop.
public enum EventName: String, Sendable, CaseIterable {
    /// An agent's answer: a message, not an event of its own.
    case agentReply = "agent.reply"
    case conversationStarted = "conversation.started"
    case conversationAccepted = "conversation.accepted"
    /// To another queue or agent, or back to its queue.
    case conversationTransferred = "conversation.transferred"
    case conversationEnded = "conversation.ended"
    /// Its wrap-up, or how it ended, became known later.
    case conversationUpdated = "conversation.updated"
    case threadStatus = "thread.status"
    /// A customer's message could not be brought to Genesys.
    case messageDead = "message.dead"
    /// An order of ours, never told to a shop: the thread's conversation is to end.
    case threadClose = "thread.close"

    /// Those a shop may choose.
    public static let forShops = allCases.filter { $0 != .threadClose }
}

extension Event {
    /// The event as the store keeps it.
    public var payload: [UInt8] {
        let pairs: [(String, JSON?)] = [
            ("name", .string(name.rawValue)), ("at", JSON(at.milliseconds)),
            ("conversation", conversation.map(JSON.string)),
            ("agent", agent.map { Self.object($0.id, $0.name) }),
            ("queue", queue.map { Self.object($0.id, $0.name) }),
            ("end", end.map { .string($0.rawValue) }),
            (
                "wrap_up",
                wrapUp.map {
                    ["code": .string($0.code), "name": JSON($0.name), "notes": JSON($0.notes)]
                }
            ),
            ("answered", answered.map(JSON.bool)),
            ("status", status.map { .string($0.rawValue) }),
            ("message", message.map { .string($0.description) }),
            ("shop_message_id", shopMessageID.map(JSON.string)),
            ("reason", reason.map(JSON.string)),
        ]
        return JSON.object(pairs.compactMap { name, value in value.map { .init(name, $0) } }).bytes
    }

    /// Reads what `payload` has written; `nil` for anything else.
    public init?(payload: [UInt8]) {
        guard let json = try? JSON(parsing: payload),
            let name = json["name"]?.string.flatMap(EventName.init),
            let at = json["at"]?.integer
        else { return nil }
        self.init(
            name, at: Timestamp(milliseconds: Int64(at)),
            conversation: json["conversation"]?.string,
            agent: json["agent"].flatMap { agent in
                agent["id"]?.string.map { Agent(id: $0, name: agent["name"]?.string) }
            },
            queue: json["queue"].flatMap { queue in
                queue["id"]?.string.map { Queue(id: $0, name: queue["name"]?.string) }
            },
            end: json["end"]?.string.flatMap(ConversationEnd.init),
            wrapUp: json["wrap_up"].flatMap { wrapUp in
                wrapUp["code"]?.string.map {
                    WrapUp(
                        code: $0, name: wrapUp["name"]?.string, notes: wrapUp["notes"]?.string)
                }
            },
            answered: json["answered"].map { $0 == true },
            status: json["status"]?.string.flatMap(ThreadStatus.init),
            message: json["message"]?.string.flatMap { MessageID($0) },
            shopMessageID: json["shop_message_id"]?.string,
            reason: json["reason"]?.string)
    }

    private static func object(_ id: String, _ name: String?) -> JSON {
        ["id": .string(id), "name": JSON(name)]
    }
}

/// What an entry delivers.
public enum Content: Sendable, Equatable {
    case message(Message)
    case event(Event)

    public var message: Message? {
        if case .message(let message) = self { message } else { nil }
    }
}
