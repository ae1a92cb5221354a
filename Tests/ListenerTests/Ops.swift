import ExactJSON
import Foundation
import Listener
import Logging
import Outbox
import TestSupport
import Testing

/// An ops face over a store in memory.
struct Ops {
    let clock = ManualClock()
    let store: MemoryOutbox
    var tokens: [AccessToken] = []
    var feed: FeedStatus?
    var relay = RelayStatus(destinations: [], routes: [], inFlight: 0, deliveredLastMinute: 0)

    init() { store = MemoryOutbox(clock.environment) }

    func serve<Result>(_ body: (Int) async throws -> Result) async throws -> Result {
        let (relay, feed) = (relay, feed)
        return try await serving(
            { listening in
                OpsFace(
                    at: ListenAddress(host: "127.0.0.1", port: 0), tokens: tokens, store: store,
                    census: { nil }, relay: { relay }, feed: { feed },
                    environment: clock.environment, logger: .silent,
                    listening: listening)
            }, body)
    }

    func send(_ request: String) async throws -> Client.Answer {
        try await serve { port in
            let client = try Client(port: port)
            client.send(request)
            return try #require(try await client.answer())
        }
    }

    func get(_ path: String, _ fields: [(String, String)] = []) async throws -> Client.Answer {
        try await send(request("GET", path, fields))
    }

    func post(
        _ path: String, _ fields: [(String, String)] = [], body: String = ""
    ) async throws -> Client.Answer {
        try await send(request("POST", path, fields, body: body))
    }

    /// Accepts a message in a thread of its own, or in the one that is named.
    @discardableResult
    func accept(_ thread: String = UUID().uuidString) async throws -> EntryID {
        let submission = Submission(
            shop: ShopName("default"), thread: ThreadKey(thread),
            message: Message(body: "secret words", customer: Customer(id: "1")),
            route: Route(.default), key: nil, digest: [])
        guard case .accepted(let id) = try await store.accept(submission) else {
            throw CancellationError()
        }
        return EntryID(firstOf: id)
    }

    /// Claims whatever is due and ends each attempt so.
    func settle(_ verdict: Verdict) async throws {
        let result = try await store.claim(from: [Route(.default)], limit: 500)
        for claim in result.claims {
            for delivery in claim.deliveries {
                try await store.settle(
                    Settlement(
                        entry: delivery.entry.id, fence: claim.fence,
                        report: Report(.unknown("no answer"), status: 504, correlation: "c-1"),
                        verdict: verdict))
            }
        }
    }

    func state(of entry: EntryID) async throws -> EntryState {
        try await store.entry(entry).entry.state
    }
}
