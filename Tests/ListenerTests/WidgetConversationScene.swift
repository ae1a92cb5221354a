import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import Listener

/// A bridge with one shop, Genesys behind it, and agents at their tabs.
struct Scene {
    static let shop = ShopName("shop")
    static let sam = Agent(id: "a-sam", name: "Sam Carter")
    static let kim = Agent(id: "a-kim", name: "Kim Lee")
    static let supervisor: Set = [
        AgentAccess.oversight, AgentAccess.supervision,
    ]

    let clock = ManualClock()
    let store: MemoryOutbox
    let bench: Workbench
    let genesys = ScriptedGenesys()
    var settings = WidgetSettings(
        origin: "https://bridge.example.com", ancestors: ["https://apps.example.com"],
        sessionKeys: [[UInt8](repeating: 7, count: 32)], shopNames: [Self.shop: "Tea & More"],
        queues: [.default: "q-1"])

    init() {
        store = MemoryOutbox(
            clock.environment, Aftercare(callbacks: [Self.shop: [.agentReply]]))
        bench = Workbench(store, clock)
    }

    var links: FileLinks {
        FileLinks(
            key: [UInt8](repeating: 9, count: 32), origin: settings.origin,
            lifetime: settings.linkLifetime, now: clock.environment.now)
    }

    private var sessions: Sessions {
        Sessions(
            store: store, keys: settings.sessionKeys, origin: settings.origin,
            environment: clock.environment)
    }

    // MARK: Setting the scene

    /// A customer's message that Genesys has, as that conversation.
    @discardableResult
    func conversation(
        _ id: String, in thread: String = "t", message: Message = .question
    ) async throws -> MessageID {
        let message = try await post(message, in: thread)
        try await bench.settle(bench.claimOne(), .delivered(reference: id))
        try await store.observe(Observation(reference: id, stage: .waiting, queue: .first))
        return message
    }

    func post(
        _ message: Message = .question, in thread: String = "t", by route: Route = .standard
    ) async throws -> MessageID {
        let acceptance = try await store.accept(
            Submission(
                shop: Self.shop, thread: ThreadKey(thread), message: message, route: route,
                key: nil, digest: []))
        guard case .accepted(let id) = acceptance else { throw Unexpected() }
        return id
    }

    /// Genesys hands a conversation to an agent, and tells us so.
    func hand(_ conversation: String, to agent: Agent) async throws {
        genesys.end(in: conversation)
        genesys.set(AgentPart(.connected, queue: .first), of: agent.id, in: conversation)
        try await store.observe(
            Observation(
                reference: conversation, stage: .withAgent, queue: .first, agent: agent,
                wasAccepted: true))
    }

    /// A conversation ends at Genesys, and we are told a while after.
    func end(_ conversation: String, by end: ConversationEnd = .agent) async throws {
        clock.advance(by: .seconds(1))
        try await store.observe(
            Observation(reference: conversation, stage: .ended, queue: .first, end: end))
        clock.advance(by: .seconds(1))
    }

    func name(_ thread: String = "t") -> ThreadName { ThreadName(Self.shop, ThreadKey(thread)) }

    /// An answer goes to the shop, which does not take it.
    func refuse(because reason: String) async throws {
        clock.advance(by: settings.undo)
        let route = Route.callback(of: Self.shop)
        store.setReachable(true, route)
        try await bench.settle(bench.claimOne(from: [route]), .dead(reason: reason))
    }

    // MARK: At the tab

    func serve<Result>(_ body: (Int) async throws -> Result) async throws -> Result {
        try await serving(
            { listening in
                PublicFace(
                    at: ListenAddress(host: "127.0.0.1", port: 0),
                    shops: [
                        ShopAccess(
                            name: Self.shop,
                            tokens: [
                                AccessToken(name: "eyes", secret: "read-token", scope: .read)
                            ])
                    ], settings: IntakeSettings(), store: store,
                    relay: {
                        RelayStatus(
                            destinations: [], routes: [], inFlight: 0, deliveredLastMinute: 0)
                    },
                    widget: Widget(
                        settings, links: links, services: genesys, store: store,
                        environment: clock.environment),
                    environment: clock.environment, logger: .silent, listening: listening)
            }, body)
    }

    /// - Returns: the headers of that agent's page.
    func login(
        _ agent: Agent = sam, _ permissions: Set<String> = []
    ) async throws -> [(String, String)] {
        let login = Login(
            access: AgentAccess(
                agent: agent, token: "token of \(agent.id)", permissions: permissions),
            lifetime: .seconds(3600))
        let (_, secret) = try await sessions.begin(login, since: clock.now)
        return [
            ("Authorization", "Bearer \(secret.text)"), ("X-Bridge", "1"),
            ("Content-Type", "application/json"),
        ]
    }

    func send(
        _ method: String, _ path: String, _ fields: [(String, String)], _ json: JSON? = nil
    ) async throws -> Client.Answer {
        try await serve { port in
            try await send(method, path, fields, json, at: port)
        }
    }

    func send(
        _ method: String, _ path: String, _ fields: [(String, String)], _ json: JSON? = nil,
        at port: Int
    ) async throws -> Client.Answer {
        let client = try Client(port: port)
        let body = json.map { String(decoding: $0.bytes, as: UTF8.self) }
        client.send(request(method, path, fields, body: body))
        return try #require(try await client.answer())
    }

    /// The conversation as the page is shown it.
    func show(_ fields: [(String, String)]) async throws -> JSON {
        let answer = try await send("GET", Self.path(), fields)
        #expect(answer.status == 200)
        return try #require(answer.json)
    }

    static func path(_ conversation: String = "c-1", _ rest: String = "") -> String {
        "/widget/api/conversations/\(conversation)\(rest)"
    }
}

struct Unexpected: Error {}

extension Message {
    static let question = Message(
        shopID: "m-1", subject: "Where is it?", body: "My tea has not come.",
        customer: Customer(
            id: "7", email: "erika@example.org", name: "Erika Muster", firstName: "Erika"),
        order: Order(
            id: "9007199254740993", number: "#9999", currency: "EUR", total: "1.10",
            items: [Order.Item(sku: "T-1", name: "Tea", quantity: "2", price: "0.55")]))
}

extension Queue {
    static let first = Queue(id: "q-1", name: "Support")
}

extension JSON {
    subscript(index: Int) -> JSON? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }
}
