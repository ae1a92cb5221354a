import ExactJSON
import Outbox

/// How the agents' page is told of a thread: amounts and ids are the texts that the shop wrote.
struct ConversationView {
    let visit: ThreadVisit
    let access: ThreadAccess
    let shopName: String
    let page: TranscriptPage
    let mark: String
    /// Of the agent in this conversation.
    let drafts: [(Draft, [KeptFile])]
    /// Of those who have no part in it any more.
    let left: [Draft]
    let earlier: [(ThreadSummary, subject: String?)]

    private var record: ConversationRecord? {
        page.conversations.last { $0.observation.reference == visit.conversation }
    }

    var json: JSON {
        [
            "thread": thread, "conversation": conversation,
            "role": visit.part.kind == .onlooker ? "onlooker" : "agent",
            "may": .object(
                ThreadAccess.Act.allCases.map {
                    .init($0.rawValue, .bool(access.allows($0)))
                }),
            "why": JSON(access.obstacle?.rawValue),
            "wrap_up": [
                "required": .bool(visit.part.requiresWrapUp),
                "given": .bool(visit.part.wrapUp != nil),
            ],
            "customer": page.about?.customer.json ?? Customer().json,
            "order": page.about?.order?.json ?? .null,
            "orders": .array(orders.map(\.json)),
            "messages": .array(page.messages.map { $0.json(for: visit, access) }),
            "older": page.older,
            "earlier": .array(earlier.map { $0.json(subject: $1) }),
            "linked": .array(page.linked.map(\.json)),
            "draft": ["answer": draft(.answer), "note": draft(.note)],
            "left": .array(left.map(\.leftJSON)),
            "seen": JSON(page.question?.description),
            "mark": .string(mark),
        ]
    }

    private var thread: JSON {
        let summary = page.summary
        return [
            "shop": .string(summary.thread.shop.description),
            "key": .string(summary.thread.key.description),
            "shop_name": .string(shopName), "subject": JSON(page.subject),
            "status": .string(summary.status.rawValue), "since": JSON(summary.since),
        ]
    }

    private var conversation: JSON {
        guard let id = visit.conversation else { return .null }
        let seen = record?.observation
        let queue = visit.part.queue ?? seen?.queue
        return [
            "id": .string(id), "stage": .string((seen?.stage ?? .ended).description),
            "began": JSON(record?.began), "queue": queue?.json ?? .null,
            "end": JSON(seen?.end?.rawValue),
        ]
    }

    /// Those of the messages shown, the newest first, without the one that the thread is about.
    private var orders: [Order] {
        var known = Set([page.about?.order?.name].compactMap { $0 })
        return page.messages.reversed().compactMap(\.message?.order).filter { order in
            order.name.map { known.insert($0).inserted } ?? false
        }
    }

    private func draft(_ kind: AgentMessage.Kind) -> JSON {
        drafts.first { $0.0.kind == kind }.map { $0.json($1) } ?? .null
    }
}

extension TranscriptPage {
    var older: JSON { hasOlder ? JSON(messages.first?.id.description) : .null }

    /// Of what the thread is about, else of the oldest message at hand that has one.
    var subject: String? {
        about?.subject ?? messages.lazy.compactMap(\.message?.subject).first
    }
}

extension ThreadSummary {
    fileprivate func json(subject: String?) -> JSON {
        [
            "key": .string(thread.key.description), "subject": JSON(subject),
            "status": .string(status.rawValue), "since": JSON(since),
        ]
    }
}

extension Customer {
    fileprivate var json: JSON {
        [
            "id": JSON(id), "name": JSON(displayName), "email": JSON(email), "phone": JSON(phone),
            "locale": JSON(locale), "company": JSON(company),
        ]
    }
}

extension Order {
    /// What tells it from another of the same shop.
    fileprivate var name: String? { id ?? number }

    fileprivate var json: JSON {
        [
            "id": JSON(id), "number": JSON(number), "url": JSON(url), "status": JSON(status),
            "fulfillment_status": JSON(fulfillmentStatus), "total": JSON(total),
            "currency": JSON(currency), "created_at": JSON(createdAt),
            "items": .array(
                items.map {
                    [
                        "sku": JSON($0.sku), "name": JSON($0.name), "quantity": JSON($0.quantity),
                        "price": JSON($0.price),
                    ]
                }),
            "item_count": JSON(itemCount),
        ]
    }
}

extension LinkedConversation {
    fileprivate var json: JSON {
        [
            "conversation": .string(reference), "kind": "mail", "to": .string(to),
            "subject": .string(subject), "agent": agent.json, "at": JSON(at),
        ]
    }
}

extension Agent {
    var json: JSON { ["id": .string(id), "name": JSON(name)] }
}

extension Queue {
    var json: JSON { ["id": .string(id), "name": JSON(name)] }
}

extension KeptFile {
    var json: JSON {
        [
            "id": .string(id.description), "name": .string(name),
            "content_type": .string(contentType), "size": JSON(size),
        ]
    }
}

extension Draft {
    func json(_ files: [KeptFile]) -> JSON {
        ["body": .string(body), "files": .array(files.map(\.json)), "at": JSON(at)]
    }

    fileprivate var leftJSON: JSON {
        [
            "agent": agent.json, "kind": .string(kind.rawValue), "body": .string(body),
            "at": JSON(at),
        ]
    }
}
