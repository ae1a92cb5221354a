import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import Listener

@Suite(.timeLimit(.minutes(15))) struct ThreadFaceTests {
    private let reading = [("Authorization", "Bearer read-token")]
    private let writing = [("Authorization", "Bearer write-token")]
    private let sam = Agent(id: "a1", name: "Sam Carter")

    @Test func aShopReadsItsThread() async throws {
        let shops = try Shops()
        try await shops.post("Where is it?", in: "a/b c")
        _ = try await shops.store.write(shops.answer("On its way.", in: "a/b c"))
        _ = try await shops.store.write(shops.answer("vip", in: "a/b c", .note))
        let answer = try await shops.get("/v1/threads/a%2Fb%20c", reading)
        #expect(answer.status == 200)
        #expect(answer["cache-control"] == "no-store")
        let json = try #require(answer.json)
        #expect(json["thread"] == "a/b c")
        #expect(json["status"] == "answered")
        #expect(json["awaiting"] == "customer")
        let messages = try #require(json["messages"]?.array)
        #expect(messages.map { $0["body"] } == ["Where is it?", "On its way."])
        #expect(messages.map { $0["direction"] } == ["customer", "staff"])
        #expect(messages[0]["delivery"] == "pending")
        #expect(messages[1]["agent"] == ["id": "a1", "name": "Sam Carter"])
    }

    @Test func anAgentIsCalledAsTheShopWishes() async throws {
        var shops = try Shops()
        shops.shops[0].agentName = { agent, _ in "Agent \(agent.id)" }
        try await shops.post("?", in: "t")
        _ = try await shops.store.write(shops.answer("!", in: "t"))
        let messages = try await shops.get("/v1/threads/t", reading).json?["messages"]?.array
        #expect(messages?.last?["agent"]?["name"] == "Agent a1")
    }

    @Test(arguments: ["/v1/threads/t", "/v1/customers/7/threads"])
    func readingNeedsATokenOfTheShop(_ path: String) async throws {
        let shops = try Shops()
        try await shops.post("secret", in: "t")
        #expect(try await shops.get(path, []).status == 401)
        #expect(try await shops.get(path, [("Authorization", "Bearer wrong")]).status == 401)
        let other = try await shops.get(path, [("Authorization", "Bearer other-token")])
        #expect(!other.text.contains("secret"))
        #expect(other.status == 404 || other.json?["threads"] == [])
    }

    @Test func aCustomersThreadsAreListed() async throws {
        let shops = try Shops()
        try await shops.post("?", in: "a")
        try await shops.post("?", in: "b", customer: Customer(email: "Zoe@Example.com"))
        let byID = try await shops.get("/v1/customers/7/threads", reading).json?["threads"]?.array
        #expect(byID?.map { $0["thread"] } == ["a"])
        #expect(byID?.first?["status"] == "received")
        let byEmail = try await shops.get("/v1/customers/zoe%40EXAMPLE.com/threads", reading)
        #expect(byEmail.json?["threads"]?.array?.map { $0["thread"] } == ["b"])
        let nobody = try await shops.get("/v1/customers/8/threads", reading)
        #expect(nobody.status == 200)
        #expect(nobody.json?["threads"] == [])
    }

    @Test func aShopClosesAThread() async throws {
        let shops = try Shops()
        try await shops.post("?", in: "t")
        let refused = try await shops.send("POST", "/v1/threads/t/close", reading)
        #expect(refused.status == 403)
        let closed = try await shops.send("POST", "/v1/threads/t/close", writing)
        #expect(closed.status == 200)
        #expect(closed.json?["status"] == "closed")
        #expect(try await shops.entries.map(\.state) == [.discarded])
        #expect(try await shops.get("/v1/threads/t", reading).json?["status"] == "closed")
        let unknown = try await shops.send("POST", "/v1/threads/x/close", writing)
        #expect(unknown.status == 404)
    }

    @Test func aSignedOrderNamesWhatItCloses() async throws {
        let shops = try Shops()
        try await shops.post("?", in: "t")
        for (body, status) in [("{}", 422), (#"{"close":"x"}"#, 422), (#"{"close":"t"}"#, 200)] {
            let answer = try await shops.serve { port in
                let client = try Client(port: port)
                let fields = signed(body, at: shops.clock.now)
                client.send(request("POST", "/v1/threads/t/close", fields, body: body))
                return try #require(try await client.answer())
            }
            #expect(answer.status == status)
            #expect(try await shops.entries.map(\.state) == [status == 200 ? .discarded : .pending])
        }
    }

    /// One `é` and an `e` with its accent are equal texts, and two threads of the store.
    @Test func aSignedOrderNamesItByteByByte() async throws {
        let shops = try Shops()
        try await shops.post("?", in: "caf\u{E9}")
        let body = #"{"close":"cafe\#u{301}"}"#
        let answer = try await shops.serve { port in
            let client = try Client(port: port)
            let fields = signed(body, at: shops.clock.now)
            client.send(request("POST", "/v1/threads/caf%C3%A9/close", fields, body: body))
            return try #require(try await client.answer())
        }
        #expect(answer.status == 422)
        #expect(try await shops.entries.map(\.state) == [.pending])
    }

    @Test func onlyTheShopThatIsNamedIsMeant() async throws {
        let shops = try Shops()
        try await shops.post("?", in: "t")
        let other = [("Authorization", "Bearer other-token")]
        #expect(
            try await shops.send("POST", "/v1/shops/default/threads/t/close", other).status == 401)
        #expect(
            try await shops.send("POST", "/v1/shops/default/threads/t/close", writing).status
                == 200)
    }
}

extension Shops {
    fileprivate func post(
        _ body: String, in thread: String, customer: Customer = Customer(id: "7")
    ) async throws {
        _ = try await store.accept(
            Submission(
                shop: ShopName("default"), thread: ThreadKey(thread),
                message: Message(body: body, customer: customer), route: Route(.default), key: nil,
                digest: []))
    }

    fileprivate func answer(
        _ body: String, in thread: String, _ kind: AgentMessage.Kind = .answer
    ) -> AgentMessage {
        AgentMessage(
            kind, in: ThreadName(ShopName("default"), ThreadKey(thread)),
            by: Agent(id: "a1", name: "Sam Carter"), body: body, key: IdempotencyKey(body),
            digest: [])
    }

    fileprivate func get(
        _ path: String, _ fields: [(String, String)]
    ) async throws -> Client.Answer { try await send("GET", path, fields) }

    fileprivate func send(
        _ method: String, _ path: String, _ fields: [(String, String)]
    ) async throws -> Client.Answer {
        try await serve { port in
            let client = try Client(port: port)
            client.send(request(method, path, fields))
            return try #require(try await client.answer())
        }
    }
}
