import Crypto
import ExactJSON
import HTTPTypes
import HummingbirdCore
import NIOCore
import Outbox

/// What a supervisor sees and does about customers who would be left without an answer.
struct Supervision: Sendable {
    let gatekeeper: Gatekeeper
    let store: any ThreadStore
    let environment: Environment

    private var desk: Desk { Desk(store: store) }

    func add(to routes: inout Routes) {
        routes.on(.get, "concerns") { call throws(Problem) in try await list(call) }
        routes.on(.get, "threads/{shop}/{key}") { call throws(Problem) in try await show(call) }
        routes.on(.post, "threads/{shop}/{key}/recreate") { call throws(Problem) in
            try await act(call) { thread, actor, _ throws(StoreError) in
                try await store.recreate(thread, by: actor)
                return ["thread": .string(thread.key.description)]
            }
        }
        routes.on(.post, "threads/{shop}/{key}/close") { call throws(Problem) in
            try await act(call) { thread, actor, _ throws(StoreError) in
                try await store.close(thread, by: actor)
                return ["thread": .string(thread.key.description), "status": "closed"]
            }
        }
        routes.on(.post, "threads/{shop}/{key}/dismiss") { call throws(Problem) in
            try await act(call) { thread, actor, order in
                try await desk.dismiss(
                    thread, because: order.json["reason"]?.string ?? "", seen: try order.seen,
                    by: actor)
                return ["thread": .string(thread.key.description), "status": "closed"]
            }
        }
        for (path, kind) in [("answers", AgentMessage.Kind.answer), ("notes", .note)] {
            routes.on(.post, "threads/{shop}/{key}/\(path)") { call throws(Problem) in
                try await act(call) { thread, actor, order in
                    try await write(kind, order, in: thread, by: actor)
                }
            }
        }
    }

    private func list(_ call: Call) async throws(Problem) -> Response {
        _ = try gatekeeper.actor(of: call, needing: .read)
        do {
            let concerns = try await store.concerns(limit: 500)
            if call.wantsPage { return .page(.concerns(concerns, at: environment.now())) }
            return .private(["concerns": .array(concerns.map(\.json))])
        } catch {
            throw Problem(error)
        }
    }

    /// The transcript, notes among it; whoever reads it is recorded.
    private func show(_ call: Call) async throws(Problem) -> Response {
        let actor = try gatekeeper.actor(of: call, needing: .read)
        let thread = call.thread
        do {
            let transcript = try await store.transcript(of: thread)
            try await store.audit(
                AuditRecord(at: environment.now(), action: .read, actor: actor), in: thread)
            let audits = try await store.audits(of: thread)
            return .private(transcript.json(audits))
        } catch {
            throw error == .notFound
                ? Problem(.notFound, "there is no such thread") : Problem(error)
        }
    }

    private func act(
        _ call: Call, _ body: (ThreadName, String, Order) async throws -> JSON
    ) async throws(Problem) -> Response {
        let actor = try gatekeeper.actor(of: call, needing: .write)
        let order = Order(try await call.body(upTo: 1 << 18))
        do {
            return .private(try await body(call.thread, actor, order))
        } catch StoreError.notFound {
            throw Problem(.notFound, "there is no such thread")
        } catch let error as StoreError {
            throw Problem(error)
        } catch let error as FieldError {
            throw Problem(error)
        } catch {
            throw Problem(.internalServerError)
        }
    }

    private func write(
        _ kind: AgentMessage.Kind, _ order: Order, in thread: ThreadName, by actor: String
    ) async throws -> JSON {
        let json = order.json
        let message = AgentMessage(
            kind, in: thread,
            by: Agent(
                id: json["agent"]?["id"]?.string ?? actor, name: json["agent"]?["name"]?.string),
            actor: actor, body: json["body"]?.string ?? "",
            conversation: json["conversation"]?.string, seen: try order.seen,
            key: IdempotencyKey(json["key"]?.string ?? ""), digest: order.digest)
        switch try await desk.write(message) {
        case .accepted(let id):
            return ["id": .string(id.description), "status": "accepted"]
        case .duplicate(let id, _):
            return ["id": .string(id.description), "status": "duplicate"]
        }
    }
}

/// What a person sent with an order; nothing where it is no JSON.
private struct Order: Sendable {
    let json: JSON
    let digest: [UInt8]

    init(_ body: ByteBuffer) {
        json = (try? JSON(parsing: body.readableBytesView)) ?? .null
        digest = Array(SHA256.hash(data: Array(body.readableBytesView)))
    }

    /// The newest message of the customer that the person had before them.
    var seen: MessageID? {
        get throws {
            guard let value = json["seen"], value != .null else { return nil }
            guard let id = value.string.flatMap({ MessageID($0) }) else {
                throw FieldError(field: "seen", problem: "has to be a message's id")
            }
            return id
        }
    }
}

extension Call {
    fileprivate var thread: ThreadName {
        ThreadName(ShopName(parameters[0]), ThreadKey(parameters[1]))
    }
}

extension Concern {
    fileprivate var json: JSON {
        [
            "kind": .string(kind.description), "shop": .string(thread.shop.description),
            "thread": .string(thread.key.description), "since": JSON(since), "due_at": JSON(dueAt),
            "entry": JSON(entry?.description), "reason": .string(reason),
        ]
    }
}

extension Transcript {
    fileprivate func json(_ audits: [AuditRecord]) -> JSON {
        .object(
            [.init("shop", .string(summary.thread.shop.description))] + summary.json + [
                .init("messages", .array(messages.map(\.opsJSON))),
                .init("conversations", .array(conversations.map(\.json))),
                .init("audit", .array(audits.map(\.json))),
            ])
    }
}

extension Transcript.Line {
    fileprivate var opsJSON: JSON {
        [
            "id": .string(id.description), "at": JSON(at),
            "direction": .string(direction.rawValue), "body": JSON(message?.body),
            "agent": JSON(message?.authorship?.agent.id), "delivery": JSON(state?.description),
            "reason": JSON(reason),
        ]
    }
}

extension ConversationRecord {
    fileprivate var json: JSON {
        [
            "id": .string(observation.reference),
            "stage": .string(observation.stage.description), "began": JSON(began),
            "since": JSON(since), "queue": JSON(observation.queue?.name ?? observation.queue?.id),
            "agent": JSON(observation.agent?.id), "accepted": .bool(observation.wasAccepted),
            "end": JSON(observation.end?.rawValue), "wrap_up": JSON(observation.wrapUp?.code),
        ]
    }
}

extension AuditRecord {
    fileprivate var json: JSON {
        [
            "at": JSON(at), "action": .string(action.rawValue), "actor": .string(actor),
            "message": JSON(message?.description), "detail": JSON(detail),
        ]
    }
}
