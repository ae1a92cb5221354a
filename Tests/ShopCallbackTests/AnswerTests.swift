import ExactJSON
import Logging
import LoopbackServer
import Outbox
import TestSupport
import Testing

@testable import ShopCallback

/// An agent's answer on its whole way, from the store by the relay to a shop.
@Suite(.timeLimit(.minutes(15)))
struct AnswerTests {
    let scene = Scene()
    let store: MemoryOutbox
    let bench: Workbench
    let thread = ThreadName(ShopName("acme"), ThreadKey("thread-31"))

    init() {
        store = MemoryOutbox(
            scene.clock.environment, Aftercare(callbacks: [ShopName("acme"): [.agentReply]]))
        bench = Workbench(store, scene.clock)
    }

    @Test func reachesTheShopAndItsThreadIsAnswered() async throws {
        let shop = try LoopbackServer.shop()
        try await whileRelaying(to: shop) {
            let answer = try await answer()
            try await reached(answer, .delivered)
            #expect(try await store.transcript(of: thread).summary.status == .answered)
        }
        let posts = shop.requests
        #expect(posts.count == 1)
        let post = try JSON(parsing: try #require(posts.first).body)
        #expect(post["type"] == "agent.reply")
        #expect(post["id"] == post["data"]?["reply"]?["id"]?.string.map { .string("evt_\($0)") })
        #expect(post["data"]?["reply"]?["body"] == "It is on its way.")
        #expect(post["data"]?["conversation"]?["key"] == "thread-31")
    }

    @Test func isAConcernInTheShopsWordsWhereItIsRefused() async throws {
        let shop = try LoopbackServer { connection in
            while try connection.readRequest() != nil {
                try connection.respond(
                    "422 No", headers: ["Content-Type: application/problem+json"],
                    body: Array(#"{"title":"The order is closed"}"#.utf8))
            }
        }
        try await whileRelaying(to: shop) {
            let answer = try await answer()
            try await reached(answer, .dead)
            let concerns = try await store.concerns(limit: 10)
            #expect(concerns.map(\.kind) == [.refused])
            #expect(concerns.map(\.entry) == [answer])
            #expect(concerns.first?.reason == "The order is closed")
        }
        #expect(shop.requests.count == 1)
    }

    @Test func isAConcernWhereTheShopHasFailedForItsLifetime() async throws {
        let shop = try LoopbackServer { connection in
            while try connection.readRequest() != nil { try connection.respond("500 Oops") }
        }
        let began = scene.clock.uptime
        try await whileRelaying(to: shop) {
            let answer = try await answer()
            try await until {
                let state = try await store.entry(answer).entry.state
                // No time passes while it is under way, nor before the relay has set its alarm again.
                if state == .pending, let wait = scene.clock.nextAlarm {
                    scene.clock.advance(by: wait)
                }
                return state == .dead
            }
            #expect(try await store.concerns(limit: 10).map(\.kind) == [.refused])
        }
        #expect(scene.clock.uptime - began >= .seconds(75 * 3600))
        #expect(shop.requests.count == RetryPolicy.callbackSchedule.count + 1)
    }

    @Test func aShopThatIsGoneIsTriedAgainAfterAnHour() async throws {
        let shop = try LoopbackServer { connection in
            var isGone = true
            while try connection.readRequest() != nil {
                try connection.respond(isGone ? "410 Gone" : "200 OK")
                isGone = false
            }
        }
        try await whileRelaying(to: shop) {
            let answer = try await answer()
            try await until { shop.requests.count == 1 }
            try await reached(answer, .pending)
            scene.clock.advance(by: .seconds(3599))
            #expect(shop.requests.count == 1)
            scene.clock.advance(by: .seconds(1))
            try await reached(answer, .delivered)
        }
        #expect(shop.requests.count == 2)
        #expect(Set(shop.requests.map(\.body)).count == 1)
    }

    // MARK: Setting the scene

    /// An agent answers a customer whose message Genesys has.
    private func answer() async throws -> EntryID {
        try await bench.post("thread-31", shop: "acme")
        try await bench.settle(bench.claimOne(), .delivered(reference: "conversation-1"))
        let acceptance = try await store.write(
            AgentMessage(
                .answer, in: thread, by: Agent(id: "agent-1", name: "Sam Miller"),
                body: "It is on its way.", conversation: "conversation-1",
                key: IdempotencyKey("key-1"), digest: [1]))
        guard case .accepted(let message) = acceptance else { throw NotAccepted() }
        return EntryID(firstOf: message)
    }

    private func whileRelaying(
        to shop: LoopbackServer, _ body: () async throws -> Void
    ) async throws {
        try await withTransport { transport in
            let destination = scene.destination(scene.profile(url: shop.url), transport)
            let line = Line(
                destination, routes: [Route.callback(of: scene.shop).name], policy: .callback(),
                probing: .callback, agesWhileFailing: true)
            let relay = Relay(
                store: store, lines: [line], environment: scene.clock.environment,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let running = Task { try await relay.run() }
            do { try await body() } catch {
                running.cancel()
                throw error
            }
            running.cancel()
            try? await running.value
        }
    }

    private func reached(_ entry: EntryID, _ state: EntryState) async throws {
        try await until { try await store.entry(entry).entry.state == state }
    }

    private func until(_ condition: () async throws -> Bool) async throws {
        while try await !condition() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}

private struct NotAccepted: Error {}
