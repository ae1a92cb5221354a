import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import Listener

@Suite(.timeLimit(.minutes(15))) struct WidgetConversationTests {
    private let scene = Scene()

    // MARK: What is shown

    @Test func anAgentSeesTheCustomerTheOrderAndTheThread() async throws {
        let question = try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let answer = try await scene.send("GET", Scene.path(), scene.login())
        #expect(answer.status == 200)
        #expect(answer["cache-control"] == "no-store")
        let json = try #require(answer.json)
        #expect(json["thread"]?["shop_name"] == "Tea & More")
        #expect(json["thread"]?["subject"] == "Where is it?")
        #expect(json["thread"]?["status"] == "with_agent")
        #expect(json["conversation"]?["id"] == "c-1")
        #expect(json["conversation"]?["stage"] == "with_agent")
        #expect(json["conversation"]?["queue"] == ["id": "q-1", "name": "Support"])
        #expect(json["role"] == "agent" && json["why"] == .null)
        #expect(json["customer"]?["name"] == "Erika Muster")
        #expect(json["seen"] == .string(question.description))
        let messages = try #require(json["messages"]?.array)
        #expect(messages.map { $0["body"] } == ["My tea has not come."])
        #expect(messages.first?["author"]?["name"] == "Erika Muster")
        #expect(messages.first?["delivery"] == .null)
        #expect(json["older"] == .null)
    }

    @Test func amountsAndIdsAreTheTextsThatTheShopWrote() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let order = try #require(try await scene.show(scene.login())["order"])
        #expect(order["id"] == "9007199254740993")
        #expect(order["total"] == "1.10")
        #expect(order["items"]?[0]?["quantity"] == "2")
    }

    @Test func aLongThreadComesInPages() async throws {
        try await scene.conversation("c-1")
        for number in 1...60 {
            _ = try await scene.post(
                Message(body: "\(number)", customer: Customer(id: "7")))
        }
        try await scene.hand("c-1", to: Scene.sam)
        let fields = try await scene.login()
        let newest = try await scene.show(fields)
        #expect(newest["messages"]?.array?.count == 50)
        #expect(newest["messages"]?[49]?["body"] == "60")
        let older = try #require(newest["older"]?.string)
        let page = try await scene.send(
            "GET", Scene.path("c-1", "/messages?before=\(older)"), fields)
        #expect(page.json?["messages"]?.array?.count == 11)
        #expect(page.json?["messages"]?[0]?["body"] == "My tea has not come.")
        #expect(page.json?["messages"]?[10]?["body"] == "10")
        #expect(page.json?["older"] == .null)
        let wrong = try await scene.send(
            "GET", Scene.path("c-1", "/messages?before=x"), fields)
        #expect(wrong.status == 400)
    }

    @Test func earlierThreadsAreOfTheSameCustomerAndShopOnly() async throws {
        try await scene.conversation("c-0", in: "before")
        try await scene.conversation(
            "c-2", in: "other", message: Message(body: "secret", customer: Customer(id: "8")))
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let fields = try await scene.login()
        let earlier = try await scene.show(fields)["earlier"]
        #expect(earlier?.array?.map { $0["key"] } == ["before"])
        #expect(earlier?[0]?["subject"] == "Where is it?")
        let shown = try await scene.send("GET", Scene.path("c-1", "/earlier/before"), fields)
        #expect(shown.json?["messages"]?[0]?["body"] == "My tea has not come.")
        for key in ["other", "unknown"] {
            let hidden = try await scene.send("GET", Scene.path("c-1", "/earlier/\(key)"), fields)
            #expect(hidden.status == 404 && !hidden.text.contains("secret"))
        }
    }

    @Test func aCustomerIsAnotherWhereTheirBytesAre() async throws {
        for (id, key, customer) in [("c-0", "before", "e\u{301}"), ("c-1", "order:9", "\u{E9}")] {
            try await scene.conversation(
                id, in: key, message: Message(body: "secret", customer: Customer(id: customer)))
        }
        scene.genesys.set(AgentPart(.connected), of: Scene.sam.id, in: "c-1")
        let hidden = try await scene.send(
            "GET", Scene.path("c-1", "/earlier/before"), scene.login())
        #expect(hidden.status == 404 && !hidden.text.contains("secret"))
    }

    @Test func whoHasNotTakenTheConversationSeesNoEarlierThread() async throws {
        try await scene.conversation("c-0", in: "before")
        try await scene.conversation("c-1")
        for kind in [AgentPart.Kind.alerting, .ended, .onlooker] {
            scene.genesys.set(AgentPart(kind), of: Scene.sam.id, in: "c-1")
            let fields = try await scene.login()
            #expect(try await scene.show(fields)["earlier"] == [])
            let hidden = try await scene.send("GET", Scene.path("c-1", "/earlier/before"), fields)
            #expect(hidden.status == 404)
        }
    }

    @Test func readingIsRecordedOnceALogin() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let first = try await scene.login()
        let second = try await scene.login()
        try await scene.serve { port in
            for fields in [first, first, second] {
                _ = try await scene.send("GET", Scene.path(), fields, at: port)
            }
        }
        let reads = try await scene.store.audits(of: scene.name()).filter { $0.action == .read }
        #expect(reads.map(\.actor) == [Scene.sam.id, Scene.sam.id])
    }

    @Test func aMarkTellsOfAChangeAndIsNoReading() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let fields = try await scene.login()
        let path = Scene.path("c-1", "/mark")
        let first = try await scene.send("GET", path, fields)
        #expect(first.status == 200 && first.json?["mark"]?.string != nil)
        #expect(try await scene.store.audits(of: scene.name()).isEmpty)
        #expect(try await scene.send("GET", path, fields).json == first.json)
        _ = try await scene.post()
        let second = try await scene.send("GET", path, fields)
        #expect(second.json?["mark"] != first.json?["mark"])
        #expect(try await scene.send("GET", path, scene.login(Scene.kim)).status == 404)
        _ = try await scene.show(fields)
        #expect(
            try await scene.show(fields)["mark"]
                == (try await scene.send("GET", path, fields).json?["mark"]))
    }

    // MARK: What is theirs

    @Test(arguments: [AgentPart.Kind.ended, .onlooker])
    func whatFollowsAConversationIsNoneOfWhoeverHadIt(_ kind: AgentPart.Kind) async throws {
        let first = try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let sam = try await scene.login()
        _ = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), sam, .answer("Sent.", seen: first))
        try await scene.end("c-1")
        var second = Message.question
        second.body = "A secret."
        second.order = Order(number: "#2")
        try await scene.conversation("c-2", message: second)
        try await scene.hand("c-2", to: Scene.kim)
        let kim = try await scene.login(Scene.kim)
        let note: JSON = ["kind": "note", "body": "A secret note.", "key": "n"]
        _ = try await scene.send("POST", Scene.path("c-2", "/messages"), kim, note)

        scene.genesys.set(AgentPart(kind), of: Scene.sam.id, in: "c-1")
        let shown = try await scene.show(sam)
        #expect(
            shown["messages"]?.array?.map { $0["body"] } == ["My tea has not come.", "Sent."])
        #expect(shown["order"]?["number"] == "#9999" && shown["orders"] == [])
        #expect(shown["seen"] == .string(first.description))
        #expect(shown["thread"]?["status"] == "closed" && shown["conversation"]?["id"] == "c-1")
        for path in ["/messages", "/replies", "/mail"] {
            let answer = try await scene.send("GET", Scene.path("c-1", path), sam)
            #expect(answer.status == 200 && !answer.text.contains("secret"))
        }
        _ = try await scene.send("POST", Scene.path("c-2", "/messages"), kim, .answer("More."))
        #expect(try await scene.show(sam)["mark"] == shown["mark"])
        #expect(try await scene.send("GET", Scene.path("c-2"), sam).status == 404)
    }

    @Test func whoHasAConversationSeesTheWholeThread() async throws {
        try await scene.conversation("c-1")
        try await scene.end("c-1")
        try await scene.conversation("c-2")
        try await scene.hand("c-2", to: Scene.sam)
        let shown = try await scene.send("GET", Scene.path("c-2"), scene.login())
        #expect(shown.json?["messages"]?.array?.count == 2)
    }

    // MARK: Who may see it

    @Test func forgedForeignAndUnknownConversationsAreRefusedAlike() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let fields = try await scene.login(Scene.kim)
        var answers: [Client.Answer] = []
        for id in [
            "c-1", "3f2b8e0a-0000-4000-8000-000000000000", "x%27%20OR%201=1", "%F0%9F%8D%B5",
        ] {
            for (method, rest) in [("GET", ""), ("GET", "/messages"), ("GET", "/stream")] {
                answers.append(try await scene.send(method, Scene.path(id, rest), fields))
            }
        }
        #expect(answers.allSatisfy { $0.status == 404 })
        #expect(Set(answers.map(\.text)).count == 1)
        #expect(answers.first?.json?["code"] == "not_found")
        #expect(Set(scene.genesys.now.questions) == ["a-kim c-1"])
    }

    @Test func aPageOfWhoeverWasSignedInBeforeIsTold() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let fields = try await scene.login()
        for (agent, status) in [("a-sam", 200), ("a-kim", 401)] {
            let answer = try await scene.send("GET", Scene.path(), fields + [("X-Agent", agent)])
            #expect(answer.status == status)
            #expect((answer.json?["code"] == "signed_out") == (status == 401))
        }
    }

    @Test func withoutALoginNothingIsRead() async throws {
        try await scene.conversation("c-1")
        for (method, rest) in [
            ("GET", ""), ("PUT", "/draft"), ("POST", "/messages"), ("POST", "/finish"),
            ("POST", "/files"), ("GET", "/stream"),
        ] {
            let answer = try await scene.send(
                method, Scene.path("c-1", rest), [("X-Bridge", "1")], method == "GET" ? nil : .null)
            #expect(answer.status == 401)
            #expect(answer.json?["code"] == "signed_out")
        }
        #expect(scene.genesys.now.questions == [])
    }

    @Test func aPageOfAnotherSiteChangesNothing() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let fields = try await scene.login() + [("Origin", "https://evil.example")]
        let answer = try await scene.send(
            "POST", Scene.path("c-1", "/dismiss"), fields, ["reason": "spam"])
        #expect(answer.status == 403)
        #expect(answer.json?["code"] == "forbidden_origin")
        #expect(try await scene.store.transcript(of: scene.name()).summary.awaiting == .agent)
    }

    @Test func aLoginThatGenesysHasEndedEndsHereToo() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let fields = try await scene.login()
        try await scene.serve { port in
            scene.genesys.change { $0.failure = .loggedOut }
            for _ in 0..<2 {
                let answer = try await scene.send("GET", Scene.path(), fields, at: port)
                #expect(answer.status == 401)
                #expect(answer.json?["code"] == "signed_out")
                // It is the session that has ended, not only Genesys' word.
                scene.genesys.change { $0.failure = nil }
            }
        }
    }

    @Test func whatGenesysSaidHoldsForHalfAMinute() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let fields = try await scene.login()
        try await scene.serve { port in
            #expect(try await scene.send("GET", Scene.path(), fields, at: port).status == 200)
            scene.genesys.change { $0.failure = .unavailable("down") }
            scene.clock.advance(by: .seconds(29))
            #expect(try await scene.send("GET", Scene.path(), fields, at: port).status == 200)
            scene.clock.advance(by: .seconds(1))
            let late = try await scene.send("GET", Scene.path(), fields, at: port)
            #expect(late.status == 503)
            #expect(late.json?["code"] == "unavailable")
            #expect(late["retry-after"] == "5")
            #expect(late.json?["messages"] == nil)
        }
    }

    // MARK: What may be done

    @Test func whileItRingsItCanOnlyBeRead() async throws {
        try await scene.conversation("c-1")
        scene.genesys.set(AgentPart(.alerting), of: Scene.sam.id, in: "c-1")
        let fields = try await scene.login()
        let json = try await scene.show(fields)
        #expect(json["why"] == "alerting" && json["may"]?["write"] == false)
        let answer = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), fields, .answer("Hello"))
        #expect(answer.status == 409)
        #expect(answer.json?["code"] == "not_accepted")
    }

    @Test func afterTheEndItCanOnlyBeReadAndClassified() async throws {
        try await scene.conversation("c-1")
        scene.genesys.set(
            AgentPart(.ended, requiresWrapUp: true), of: Scene.sam.id, in: "c-1")
        let fields = try await scene.login()
        let json = try await scene.show(fields)
        #expect(json["why"] == "handed_on" && json["may"]?["write"] == false)
        #expect(json["may"]?["finish"] == true)
        #expect(json["wrap_up"] == ["required": true, "given": false])
        let answer = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), fields, .answer("Hello"))
        #expect(answer.status == 409 && answer.json?["code"] == "ended")
        let bare = try await scene.send("POST", Scene.path("c-1", "/finish"), fields, [:])
        #expect(bare.status == 409 && bare.json?["code"] == "wrap_up_required")
        let done = try await scene.send(
            "POST", Scene.path("c-1", "/finish"), fields,
            ["wrap_up": ["code": "code-1", "name": "Solved"]])
        #expect(done.status == 204)
        #expect(scene.genesys.now.finished == ["c-1 code-1"])
    }

    @Test(arguments: ["/messages", "/finish", "/dismiss", "/recreate", "/mail", "/files?name=x"])
    func anOnlookerChangesNothing(_ path: String) async throws {
        try await scene.conversation("c-1")
        scene.genesys.set(AgentPart(.onlooker), of: Scene.kim.id, in: "c-1")
        let fields = try await scene.login(Scene.kim)
        let json = try await scene.show(fields)
        #expect(json["role"] == "onlooker" && json["why"] == "onlooker")
        let answer = try await scene.send(
            "POST", Scene.path("c-1", path), fields, .answer("Hello"))
        #expect(answer.status == 403)
        #expect(answer.json?["code"] == "not_permitted")
    }

    @Test func whatIsDoneIsAskedAnew() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let fields = try await scene.login()
        try await scene.serve { port in
            _ = try await scene.send("GET", Scene.path(), fields, at: port)
            // Handed on at Genesys, and we have not heard of it yet.
            scene.genesys.set(AgentPart(.ended), of: Scene.sam.id, in: "c-1")
            for path in ["/messages", "/mail"] {
                let answer = try await scene.send(
                    "POST", Scene.path("c-1", path), fields, .answer("Hello"), at: port)
                #expect(answer.status == 409 && answer.json?["code"] == "ended")
            }
        }
    }
}

extension JSON {
    /// - Parameter seen: without it, all that there is.
    static func answer(
        _ body: String, key: String = "k-1", seen: MessageID? = MessageID(rawValue: .max),
        files: [String] = []
    ) -> JSON {
        [
            "kind": "answer", "body": .string(body), "files": .array(files.map(JSON.string)),
            "key": .string(key),
            "seen": JSON(seen?.description),
        ]
    }
}
