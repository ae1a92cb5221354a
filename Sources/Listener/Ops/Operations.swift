import ExactJSON
import HTTPTypes
import HummingbirdCore
import NIOCore
import Outbox
import ServiceLifecycle

/// What an operator may see and order.
struct Operations: Sendable {
    let gatekeeper: Gatekeeper
    let store: any OutboxStore & ThreadStore
    let census: @Sendable () -> Census.Count?
    let relay: @Sendable () async -> RelayStatus
    let feed: @Sendable () async -> FeedStatus?
    let environment: Environment

    func add(to routes: inout Routes) {
        routes.on(.get, "outbox") { call throws(Problem) in try await list(call) }
        routes.on(.get, "outbox/stream") { call throws(Problem) in
            _ = try gatekeeper.actor(of: call, needing: .read)
            return try await Tail(store: store, environment: environment).answer(call)
        }
        routes.on(.post, "outbox/retry") { call throws(Problem) in try await retryDead(call) }
        routes.on(.get, "outbox/{id}") { call throws(Problem) in try await show(call) }
        routes.on(.post, "outbox/{id}/retry") { call throws(Problem) in
            try await perform(call) { call throws(Problem) in
                .retry(mayDouble: try await call.mayDouble())
            }
        }
        routes.on(.post, "outbox/{id}/discard") { call throws(Problem) in
            try await perform(call) { _ in .discard }
        }
        routes.on(.post, "outbox/{id}/delivered") { call throws(Problem) in
            try await perform(call) { call throws(Problem) in
                .delivered(reference: try await call.reference())
            }
        }
        routes.on(.post, "lanes/{id}/hold") { call throws(Problem) in try await hold(call, true) }
        routes.on(.post, "lanes/{id}/release") { call throws(Problem) in
            try await hold(call, false)
        }
        routes.on(.get, "metrics") { call throws(Problem) in
            _ = try gatekeeper.actor(of: call, needing: .read)
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: .init(string: try await status().metrics)))
        }
        routes.on(.get, "healthz") { _ in Response(.ok, ["status": "alive"]) }
        routes.on(.get, "readyz") { _ throws(Problem) in try await ready() }
    }

    // MARK: Reading

    private func status() async throws(Problem) -> OutboxStatus {
        do {
            return OutboxStatus(
                summary: try await store.summary(), relay: await relay(),
                calls: store.callsThisMonth, census: census(), feed: await feed(),
                now: environment.now())
        } catch {
            throw Problem(error)
        }
    }

    private func list(_ call: Call) async throws(Problem) -> Response {
        _ = try gatekeeper.actor(of: call, needing: .read)
        let query = try EntryQuery(call.target)
        let status = try await status()
        let entries: [Entry]
        do {
            entries = try await store.entries(query)
        } catch {
            throw Problem(error)
        }
        let next =
            entries.count < query.limit ? nil : entries.last.map { query.address(after: $0.id) }
        if call.wantsPage {
            return .page(.outbox(status, entries, query, next: next))
        }
        return .private(
            .object(
                status.json + [
                    .init("entries", .array(entries.map { .object($0.json) })),
                    .init("next", JSON(next)),
                ]))
    }

    private func show(_ call: Call) async throws(Problem) -> Response {
        _ = try gatekeeper.actor(of: call, needing: .read)
        let record: EntryRecord
        do {
            record = try await store.entry(try call.entry())
        } catch let error as StoreError {
            throw Problem(error)
        } catch {
            throw error as? Problem ?? Problem(.internalServerError)
        }
        return call.wantsPage ? .page(.entry(record, at: environment.now())) : .private(record.json)
    }

    /// Ready is a store whose writer answers, as long as nobody has asked us to stop.
    private func ready() async throws(Problem) -> Response {
        guard !Task.isShuttingDownGracefully else {
            throw .later(.serviceUnavailable, "the bridge is stopping", after: .seconds(10))
        }
        guard await environment.completes({ await store.answers() }, within: .seconds(2)) else {
            throw .later(.serviceUnavailable, "the outbox does not answer", after: .seconds(10))
        }
        do {
            _ = try await store.summary()
        } catch {
            throw Problem(error)
        }
        return Response(.ok, ["status": "ready"])
    }

    // MARK: Acting

    private func perform(
        _ call: Call, _ action: (Call) async throws(Problem) -> OperatorAction
    ) async throws(Problem) -> Response {
        let actor = try gatekeeper.actor(of: call, needing: .write)
        let id = try call.entry()
        let action = try await action(call)
        do {
            return .private(.object(try await store.perform(action, on: id, by: actor).json))
        } catch {
            throw Problem(error)
        }
    }

    private func retryDead(_ call: Call) async throws(Problem) -> Response {
        let actor = try gatekeeper.actor(of: call, needing: .write)
        guard call.target["state"] == "dead" else {
            throw Problem(
                .badRequest, "only state=dead can be retried at once; retry others by their id",
                field: "state")
        }
        // No more than there are now: what dies again meanwhile is not retried again.
        let all = try await status().count(.dead)
        var retried = 0
        do {
            while retried < all {
                let count = try await store.retryDead(limit: min(500, all - retried), by: actor)
                guard count > 0 else { break }
                retried += count
            }
        } catch {
            throw Problem(error)
        }
        return .private(["retried": JSON(retried)])
    }

    private func hold(_ call: Call, _ held: Bool) async throws(Problem) -> Response {
        let actor = try gatekeeper.actor(of: call, needing: .write)
        guard let lane = LaneID(call.parameters[0]) else {
            throw Problem(.notFound, "there is no such lane")
        }
        do {
            try await store.setHold(held, on: lane, by: actor)
        } catch {
            throw error == .notFound ? Problem(.notFound, "there is no such lane") : Problem(error)
        }
        return .private(["lane": .string(lane.description), "held": .bool(held)])
    }
}

extension Call {
    var wantsPage: Bool { request.headers[.accept]?.contains("text/html") ?? false }

    fileprivate func entry() throws(Problem) -> EntryID {
        guard let id = EntryID(parameters[0]) else {
            throw Problem(.notFound, "there is no such entry")
        }
        return id
    }

    /// From `?mayDouble=true`, or `{"may_double": true}` in the body.
    fileprivate func mayDouble() async throws(Problem) -> Bool {
        let body = try await body(upTo: 4096)
        if target["mayDouble"] == "true" { return true }
        let json = try? JSON(parsing: body.readableBytesView)
        return json?["may_double"] == true
    }

    fileprivate func reference() async throws(Problem) -> String {
        let body = try await body(upTo: 4096)
        let json = try? JSON(parsing: body.readableBytesView)
        guard let reference = json?["reference"]?.string, (1...255).contains(reference.utf8.count),
            !reference.contains(where: \.isWhitespace)
        else {
            throw Problem(
                .unprocessableContent,
                "reference has to be the conversation's id, as in {\"reference\": \"…\"}",
                field: "reference")
        }
        return reference
    }
}

extension Response {
    /// Not to be kept by anybody on the way.
    static func `private`(_ json: JSON, status: HTTPResponse.Status = .ok) -> Response {
        var response = Response(status, json)
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
