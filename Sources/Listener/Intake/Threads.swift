import ExactJSON
import HTTPTypes
import HummingbirdCore
import NIOCore
import Outbox

/// What a shop may know of its threads, and how it ends one.
struct Threads: Sendable {
    let reception: Reception
    let store: any ThreadStore
    /// `nil` where no agent sends files.
    let links: FileLinks?

    func add(to routes: inout Routes) {
        routes.on(.get, "v1/threads/{key}") { call throws(Problem) in try await show(call) }
        routes.on(.get, "v1/customers/{id}/threads") { call throws(Problem) in
            try await list(call)
        }
        routes.on(.post, "v1/threads/{key}/close") { call throws(Problem) in
            try await close(call, ThreadKey(call.parameters[0]), of: nil)
        }
        routes.on(.post, "v1/shops/{shop}/threads/{key}/close") { call throws(Problem) in
            try await close(
                call, ThreadKey(call.parameters[1]), of: ShopName(call.parameters[0]))
        }
    }

    private func show(_ call: Call) async throws(Problem) -> Response {
        let reader = try reception.reader(call.request.headers)
        let name = ThreadName(reader.shop, ThreadKey(call.parameters[0]))
        let transcript: Transcript
        do {
            transcript = try await store.transcript(of: name)
        } catch {
            throw .ofThread(error)
        }
        let agentName = reception[reader.shop]?.agentName ?? { _, _ in nil }
        return .private(
            transcript.json(agentName) { links?.address(of: $0) ?? $0.url })
    }

    private func list(_ call: Call) async throws(Problem) -> Response {
        let reader = try reception.reader(call.request.headers)
        let customer = call.parameters[0]
        do {
            var found = try await store.threads(of: customer, in: reader.shop, limit: 100)
            if found.isEmpty, customer.contains("@") {
                found = try await store.threads(
                    of: Customer.key(ofEmail: customer), in: reader.shop, limit: 100)
            }
            return .private(["threads": .array(found.map { .object($0.json) })])
        } catch {
            throw .ofThread(error)
        }
    }

    private func close(
        _ call: Call, _ key: ThreadKey, of shop: ShopName?
    ) async throws(Problem) -> Response {
        let body = try await call.body(upTo: 4096)
        let guest = try reception.guest(
            posting: body, call.request.headers, authority: call.request.head.authority, to: shop)
        if guest.token == nil, !guest.isUnsigned {
            // A signature covers the body alone: any other signed post would do as well.
            let json = try? JSON(parsing: body.readableBytesView)
            guard let named = json?["close"]?.string, ThreadKey(named) == key else {
                throw Problem(
                    .unprocessableContent,
                    "a signed order to close names the thread, as in {\"close\": \"\(key)\"}",
                    field: "close")
            }
        }
        do {
            try await store.close(
                ThreadName(guest.shop, key), by: guest.token.map { "shop \($0)" } ?? "shop")
        } catch {
            throw .ofThread(error)
        }
        return Response(
            .ok, ["thread": .string(key.description), "status": "closed"])
    }
}

extension Problem {
    fileprivate static func ofThread(_ error: StoreError) -> Problem {
        error == .notFound ? Problem(.notFound, "there is no such thread") : Problem(error)
    }
}

extension ThreadSummary {
    var json: [JSON.Member] {
        [
            .init("thread", .string(thread.key.description)),
            .init("status", .string(status.rawValue)), .init("since", JSON(since)),
            .init("awaiting", .string(awaiting.description)),
            .init("conversation", JSON(conversation)),
        ]
    }
}

extension Transcript {
    /// Without what agents note for each other, and what they took back.
    fileprivate func json(
        _ agentName: (Agent, Queue?) -> String?, _ address: (Attachment) -> String?
    ) -> JSON {
        let shown = messages.filter { $0.direction != .note && !$0.isWithdrawn }
        let queue = conversations.last?.observation.queue
        let lines = shown.map { $0.json({ agentName($0, queue) }, address) }
        return .object(summary.json + [.init("messages", .array(lines))])
    }
}

extension Transcript.Line {
    fileprivate func json(
        _ agentName: (Agent) -> String?, _ address: (Attachment) -> String?
    ) -> JSON {
        .object([
            .init("id", .string(id.description)), .init("at", JSON(at)),
            .init("direction", .string(direction.rawValue)),
            .init("message_id", JSON(message?.shopID)),
            .init("subject", JSON(message?.subject)),
            .init("body", JSON(message?.body)),
            .init("body_type", JSON(message?.bodyType.rawValue)),
            .init(
                "agent",
                message?.authorship.map {
                    ["id": .string($0.agent.id), "name": JSON(agentName($0.agent))]
                } ?? .null),
            .init(
                "attachments",
                .array((message?.attachments ?? []).map { $0.json(at: address($0)) })),
            .init("delivery", JSON(state?.description)),
            // Of an answer it is the shop's own word, of a message what Genesys said to us.
            .init("reason", direction == .staff ? JSON(reason) : .null),
        ])
    }
}

extension Attachment {
    fileprivate func json(at address: String?) -> JSON {
        [
            "name": .string(name), "content_type": JSON(contentType),
            "size": size.map(JSON.number) ?? .null, "url": JSON(address),
        ]
    }
}
