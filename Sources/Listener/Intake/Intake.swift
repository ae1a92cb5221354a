import Crypto
import ExactJSON
import HTTPTypes
import HummingbirdCore
import NIOCore
import Outbox

/// Takes messages in: authenticates, reads, and answers once the store has them on the disk.
///
/// No call to anybody else is ever made in here.
struct Intake: Sendable {
    private let reception: Reception
    private let limit: RateLimit
    private let pressure: BackPressure
    private let store: any OutboxStore
    private let relay: @Sendable () async -> RelayStatus
    private let environment: Environment
    private let maxBody: Int

    init(
        _ reception: Reception, settings: IntakeSettings, store: any OutboxStore,
        relay: @escaping @Sendable () async -> RelayStatus, environment: Environment
    ) {
        self.reception = reception
        limit = RateLimit(perMinute: settings.perMinute)
        pressure = settings.pressure
        self.store = store
        self.relay = relay
        self.environment = environment
        maxBody = settings.connections.maxBody
    }

    func add(to routes: inout Routes) {
        routes.on(.post, "v1/messages") { call throws(Problem) in
            try await post(call, to: nil)
        }
        routes.on(.post, "v1/shops/{shop}/messages") { call throws(Problem) in
            try await post(call, to: ShopName(call.parameters[0]))
        }
        routes.on(.get, "v1/messages/{id}") { call throws(Problem) in
            try await receipt(call)
        }
    }

    private func post(_ call: Call, to name: ShopName?) async throws(Problem) -> Response {
        let body = try await call.body(upTo: maxBody)
        let fields = call.request.headers
        let guest = try reception.guest(
            posting: body, fields, authority: call.request.head.authority, to: name)
        guard let shop = reception[guest.shop] else { throw Problem(.notFound) }
        try limit.take(guest, at: environment.uptime())
        let load = store.load
        try await pressure.check(load) { await relay().drainEstimate(backlog: load.pending) }
        try fields.checkJSON()
        let posting = try read(body)
        let repetition = try Repetition(fields, bodyID: posting.id)
        let submission = Submission(
            shop: shop.name,
            thread: shop.threadRule.thread(
                of: posting.message, unique: repetition?.key.description ?? random()),
            message: posting.message, route: try route(for: posting, of: shop),
            key: repetition?.key, digest: Array(SHA256.hash(body)))
        do {
            switch try await store.accept(submission) {
            case .accepted(let id):
                return Response(.accepted, answer(id, submission.thread, "accepted"))
            case .duplicate(let id, let thread):
                return Response(.ok, answer(id, thread, "duplicate"))
            }
        } catch {
            guard case .conflict(let first) = error else { throw Problem(error) }
            throw .reused(repetition, by: first)
        }
    }

    private func read(_ body: ByteBuffer) throws(Problem) -> Posting {
        let json: JSON
        do {
            json = try JSON(parsing: body.readableBytesView)
        } catch {
            throw Problem(.badRequest, "the body is not JSON: \(error)")
        }
        do {
            return try Posting(json: json)
        } catch {
            throw Problem(error)
        }
    }

    /// The way a message takes: none for what the staff or the shop's system wrote.
    private func route(for posting: Posting, of shop: ShopAccess) throws(Problem) -> Route? {
        let route = posting.route.map { name in shop.routes.first { $0.name == name } }
        if let route, route == nil {
            throw Problem(
                .unprocessableContent,
                "route has to be one of those the shop is allowed: "
                    + shop.routes.map(\.name.description).joined(separator: ", "), field: "route")
        }
        guard posting.message.direction == .customer else { return nil }
        return route ?? shop.routes.first
    }

    private func receipt(_ call: Call) async throws(Problem) -> Response {
        let reader = try reception.reader(call.request.headers)
        guard let id = MessageID(call.parameters[0]) else {
            throw Problem(.notFound, "there is no such message")
        }
        let receipt: Receipt
        do {
            receipt = try await store.receipt(of: id, in: reader.shop)
        } catch {
            throw error == .notFound
                ? Problem(.notFound, "there is no such message") : Problem(error)
        }
        return Response(
            .ok,
            [
                "id": .string(receipt.message.description),
                "thread": .string(receipt.thread.description),
                "status": .string(receipt.state?.description ?? "recorded"),
                "accepted_at": .string(receipt.acceptedAt.description),
                "conversation": JSON(receipt.reference),
            ])
    }

    private func answer(_ id: MessageID, _ thread: ThreadKey, _ status: String) -> JSON {
        [
            "id": .string(id.description), "thread": .string(thread.description),
            "status": .string(status),
        ]
    }

    /// For a message that nothing else tells from another.
    private func random() -> String {
        (0..<2).map { _ in String(UInt64(environment.chance() * 0x1p53), radix: 36) }.joined()
    }
}

extension Problem {
    fileprivate static func reused(_ repetition: Repetition?, by first: MessageID) -> Problem {
        let field = repetition?.field ?? "id"
        var problem = Problem(
            .unprocessableContent,
            "\(field) came before with another body, as message \(first)", field: field)
        problem.members = [.init("id", .string(first.description))]
        return problem
    }
}

extension SHA256 {
    fileprivate static func hash(_ body: ByteBuffer) -> Digest {
        body.withUnsafeReadableBytes {
            var hash = SHA256()
            hash.update(bufferPointer: $0)
            return hash.finalize()
        }
    }
}
