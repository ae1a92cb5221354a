public import ExactJSON
import Outbox

/// What a shop is told with one post.
public struct Notice: Sendable, Equatable {
    /// Such as `agent.reply`.
    public var type: String
    /// The same with every attempt, so that the shop knows a repeat; without a point.
    public var id: String
    /// When it happened, in RFC 3339.
    public var timestamp: String
    public var data: JSON

    public init(type: String, id: String, timestamp: String, data: JSON) {
        self.type = type
        self.id = id
        self.timestamp = timestamp
        self.data = data
    }

    /// The bytes that are signed and sent.
    public var body: [UInt8] {
        let json: JSON = [
            "type": .string(type), "id": .string(id), "timestamp": .string(timestamp), "data": data,
        ]
        return json.bytes
    }
}

extension Notice {
    /// - Parameter link: where an attachment can be had from now on.
    init(
        _ content: Content, of entry: Entry, names: AgentNames,
        link: (Attachment) -> String? = { $0.url }
    ) {
        let at: Timestamp
        switch content {
        case .message(let message):
            at = entry.acceptedAt
            type = EventName.agentReply.rawValue
            data = message.reply(entry, names, link)
        case .event(let event):
            at = event.at
            type = event.name.rawValue
            data = event.data(entry, names)
        }
        id = "evt_\(entry.id)"
        timestamp = at.description
    }
}

// All members are always there, so that nothing has to be asked for before it is read: what is unknown is null.

extension Message {
    fileprivate func reply(
        _ entry: Entry, _ names: AgentNames, _ link: (Attachment) -> String?
    ) -> JSON {
        let agent = authorship?.agent
        return [
            "conversation": .conversation(entry, authorship?.conversation),
            "reply": [
                "id": .string(entry.message.description),
                "body": .string(body),
                "body_html": .null,
                "agent": [
                    "id": JSON(agent?.id),
                    "name": JSON(agent.flatMap { names.name(of: $0, in: authorship?.queue) }),
                ],
                "sent_at": .string(entry.acceptedAt.description),
                "attachments": .array(attachments.map { $0.described(at: link($0)) }),
            ],
            "in_reply_to": [
                "message_id": JSON(inReplyTo), "event_id": JSON(authorship?.event),
            ],
            "customer": ["id": JSON(customer.id), "email": JSON(customer.email)],
            "order": ["id": JSON(order?.id), "number": JSON(order?.number)],
        ]
    }
}

extension Attachment {
    fileprivate func described(at address: String?) -> JSON {
        [
            "name": .string(name), "content_type": JSON(contentType),
            "size": size.map(JSON.number) ?? .null, "url": JSON(address),
        ]
    }
}

extension Event {
    fileprivate func data(_ entry: Entry, _ names: AgentNames) -> JSON {
        [
            "conversation": .conversation(entry, conversation),
            "at": .string(at.description),
            "agent": agent.map { agent in
                ["id": .string(agent.id), "name": JSON(names.name(of: agent, in: queue))]
            } ?? .null,
            "queue": queue.map { ["id": .string($0.id), "name": JSON($0.name)] } ?? .null,
            "end_reason": JSON(end?.rawValue),
            "wrap_up": wrapUp.map { wrapUp in
                [
                    "code": .string(wrapUp.code), "name": JSON(wrapUp.name),
                    "notes": JSON(wrapUp.notes),
                ]
            } ?? .null,
            "answered": answered.map(JSON.bool) ?? .null,
            "status": JSON(status?.rawValue),
            "message": message.map {
                ["id": .string($0.description), "message_id": JSON(shopMessageID)]
            } ?? .null,
            "reason": JSON(reason),
        ]
    }
}

extension JSON {
    fileprivate static func conversation(_ entry: Entry, _ reference: String?) -> JSON {
        [
            "key": .string(entry.thread.description), "genesys_conversation_id": JSON(reference),
        ]
    }
}
