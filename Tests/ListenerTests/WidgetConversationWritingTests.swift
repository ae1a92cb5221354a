import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import Listener

@Suite(.timeLimit(.minutes(15))) struct WidgetConversationWritingTests {
    private let scene = Scene()

    // MARK: Answers

    @Test func anAnswerIsHeldAndCanBeTakenBackForAMoment() async throws {
        let (seen, fields) = try await atWork()
        let sent = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), fields, .answer("On its way.", seen: seen))
        #expect(sent.status == 202)
        #expect(sent.json?["status"] == "accepted")
        let until = scene.clock.now + scene.settings.undo
        #expect(sent.json?["withdrawable_until"] == .string(until.description))
        let id = try #require(sent.json?["id"]?.string)
        let shown = try await scene.show(fields)["messages"]?[1]
        #expect(shown?["delivery"]?["state"] == "pending")
        #expect(shown?["delivery"]?["mine"] == true)
        #expect(shown?["author"] == ["id": "a-sam", "name": "Sam Carter"])
        let back = try await scene.send(
            "POST", Scene.path("c-1", "/messages/\(id)/withdraw"), fields)
        #expect(back.status == 200)
        #expect(back.json?["draft"]?["body"] == "On its way.")
        let after = try await scene.show(fields)
        #expect(after["messages"]?[1]?["delivery"]?["withdrawn"] == true)
        #expect(after["draft"]?["answer"]?["body"] == "On its way.")
        let shop = try await scene.send(
            "GET", "/v1/threads/t", [("Authorization", "Bearer read-token")])
        #expect(shop.status == 200 && !shop.text.contains("On its way."))
    }

    @Test func whatIsOnItsWayIsNotTakenBack() async throws {
        let (_, fields) = try await atWork()
        let sent = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), fields, .answer("On its way."))
        let id = try #require(sent.json?["id"]?.string)
        try await scene.refuse(because: "the shop: no")
        let back = try await scene.send(
            "POST", Scene.path("c-1", "/messages/\(id)/withdraw"), fields)
        #expect(back.status == 409)
        #expect(back.json?["code"] == "withdrawn_too_late")
    }

    @Test func anAnswerIsTakenBackWhileGenesysDoesNotAnswer() async throws {
        let (_, fields) = try await atWork()
        let sent = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), fields, .answer("Oops"))
        let id = try #require(sent.json?["id"]?.string)
        scene.genesys.change { $0.failure = .unavailable("429") }
        let back = try await scene.send(
            "POST", Scene.path("c-1", "/messages/\(id)/withdraw"), fields, [:])
        #expect(back.status == 200 && back.json?["draft"]?["body"] == "Oops")
    }

    @Test func whoHandsTheConversationOnWhileTheirAnswerIsOnItsWayDoesNotSendIt() async throws {
        let (_, fields) = try await atWork()
        try await scene.serve { port in
            _ = try await scene.send("GET", Scene.path(), fields, at: port)
            let order = String(decoding: JSON.answer("Too late").bytes, as: UTF8.self)
            let client = try Client(port: port)
            let whole = request("POST", Scene.path("c-1", "/messages"), fields, body: order)
            client.send(String(whole.dropLast(5)))
            // Long enough for a bridge that asks Genesys before it has the whole of it.
            for _ in 0..<5 { _ = try await scene.send("GET", Scene.path(), fields, at: port) }
            try await scene.hand("c-1", to: Scene.kim)
            client.send(String(whole.suffix(5)))
            let answer = try #require(try await client.answer())
            #expect(answer.status == 409 && answer.json?["code"] == "ended")
        }
        #expect(try await scene.show(fields)["messages"]?.array?.count == 1)
    }

    @Test func anAnswerWithAFileThatIsGoneIsRefusedInItsOwnWords() async throws {
        let (_, fields) = try await atWork()
        let refused = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), fields,
            [
                "kind": "answer", "body": "See the file.", "key": "k",
                "files": [.string(FileID(rawValue: 7).description)],
            ])
        #expect(refused.status == 409 && refused.text.contains("a file is gone"))
    }

    @Test func nobodyTakesBackAnothersAnswer() async throws {
        let (_, fields) = try await atWork()
        let sent = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), fields, .answer("On its way."))
        let id = try #require(sent.json?["id"]?.string)
        scene.genesys.set(AgentPart(.connected), of: Scene.kim.id, in: "c-1")
        let back = try await scene.send(
            "POST", Scene.path("c-1", "/messages/\(id)/withdraw"), scene.login(Scene.kim))
        #expect(back.status == 404)
    }

    @Test func whatWasTakenBackIsNotSaidToBeSent() async throws {
        let (seen, fields) = try await atWork()
        let order = JSON.answer("Once.", seen: seen)
        let sent = try await scene.send("POST", Scene.path("c-1", "/messages"), fields, order)
        let id = try #require(sent.json?["id"]?.string)
        let path = Scene.path("c-1", "/messages/\(id)/withdraw")
        #expect(try await scene.send("POST", path, fields).status == 200)
        let again = try await scene.send("POST", Scene.path("c-1", "/messages"), fields, order)
        #expect(again.json?["id"]?.string == id)
        #expect(again.status == 200 && again.json?["status"] == "withdrawn")
    }

    @Test func theSameKeyIsTheSameAnswer() async throws {
        let (seen, fields) = try await atWork()
        let first = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), fields, .answer("Once.", seen: seen))
        #expect(first.status == 202)
        let newest = try await scene.post()
        // Whatever was read or written since: the first one's answer was lost.
        let repeats: [(JSON, JSON)] = [
            (.answer("Once.", seen: seen), "duplicate"),
            (.answer("Once and", seen: newest), "changed"),
        ]
        for (again, status) in repeats {
            let sent = try await scene.send(
                "POST", Scene.path("c-1", "/messages"), fields, again)
            #expect(sent.status == 200 && sent.json?["status"] == status)
            #expect(sent.json?["id"] != nil && sent.json?["id"] == first.json?["id"])
        }
        let answers = try await scene.show(fields)["messages"]?.array?.filter {
            $0["direction"] == "staff"
        }
        #expect(answers?.map { $0["body"] } == ["Once."])
    }

    @Test func whereTheCustomerWroteAgainTheAnswerWaits() async throws {
        let (seen, fields) = try await atWork()
        let newest = try await scene.post()
        let sent = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), fields, .answer("Late.", seen: seen))
        #expect(sent.status == 409)
        #expect(sent.json?["code"] == "wrote_again")
        #expect(sent.json?["newest"] == .string(newest.description))
        let dismissed = try await scene.send(
            "POST", Scene.path("c-1", "/dismiss"), fields,
            ["reason": "spam", "seen": .string(seen.description)])
        #expect(dismissed.json?["code"] == "wrote_again")
    }

    @Test func whoHasSeenNoMessageOfTheCustomersIsToldOfThem() async throws {
        let (newest, fields) = try await atWork()
        let bare: JSON = ["kind": "answer", "body": "Hello?", "key": "k", "reason": "spam"]
        for order in [bare, .answer("Hello?", seen: nil)] {
            let sent = try await scene.send(
                "POST", Scene.path("c-1", "/messages"), fields, order)
            #expect(sent.status == 409 && sent.json?["code"] == "wrote_again")
            #expect(sent.json?["newest"] == .string(newest.description))
        }
        let dismissed = try await scene.send("POST", Scene.path("c-1", "/dismiss"), fields, bare)
        #expect(dismissed.status == 409 && dismissed.json?["code"] == "wrote_again")
    }

    @Test func aNoteStaysWithColleagues() async throws {
        let (_, fields) = try await atWork()
        let note: JSON = ["kind": "note", "body": "A regular.", "key": "n"]
        let sent = try await scene.send("POST", Scene.path("c-1", "/messages"), fields, note)
        #expect(sent.status == 202 && sent.json?["withdrawable_until"] == .null)
        #expect(try await scene.show(fields)["messages"]?[1]?["direction"] == "note")
        let shop = try await scene.send(
            "GET", "/v1/threads/t", [("Authorization", "Bearer read-token")])
        #expect(!shop.text.contains("A regular."))
    }

    @Test(arguments: [
        #"{"kind":"answer","body":"x"}"#, #"{"kind":"mail","body":"x","key":"k"}"#,
        #"{"kind":"answer","body":" ","key":"k"}"#,
        #"{"kind":"answer","body":"x","key":"k","seen":7}"#,
        #"{"kind":"answer","body":"x","key":"k","files":["x"]}"#, "no JSON",
    ])
    func whatCannotBeTakenIsSaidByItsField(_ body: String) async throws {
        let (_, fields) = try await atWork()
        let answer = try await scene.serve { port in
            let client = try Client(port: port)
            client.send(request("POST", Scene.path("c-1", "/messages"), fields, body: body))
            return try #require(try await client.answer())
        }
        #expect(answer.status == 422)
        #expect(answer.json?["code"] == "invalid")
    }

    @Test func aRefusedAnswerIsShownInTheShopsWordsAndSentAgain() async throws {
        let (_, fields) = try await atWork()
        _ = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), fields, .answer("On its way."))
        try await scene.refuse(because: "the shop: the order is closed")
        let line = try #require(try await scene.show(fields)["messages"]?[1])
        #expect(line["delivery"]?["state"] == "dead" && line["delivery"]?["retry"] == true)
        #expect(line["delivery"]?["reason"] == "the shop: the order is closed")
        let id = try #require(line["id"]?.string)
        let path = Scene.path("c-1", "/messages/\(id)/retry")
        #expect(try await scene.send("POST", path, fields).status == 202)
        #expect(
            try await scene.show(fields)["messages"]?[1]?["delivery"]?["state"] == "pending")
        #expect(try await scene.send("POST", path, fields).json?["code"] == "refused")
        let audits = try await scene.store.audits(of: scene.name())
        #expect(audits.contains { $0.action == .retried && $0.actor == Scene.sam.id })
    }

    @Test func onlyAnAnswerOfThisThreadIsSentAgain() async throws {
        let (seen, fields) = try await atWork()
        for id in [seen.description, "0000000000000", "x"] {
            let path = Scene.path("c-1", "/messages/\(id)/retry")
            #expect(try await scene.send("POST", path, fields).status == 404)
        }
    }

    @Test func anAgentSaysThatNoAnswerIsNeeded() async throws {
        let (seen, fields) = try await atWork()
        let path = Scene.path("c-1", "/dismiss")
        let bare = try await scene.send("POST", path, fields, ["reason": " "])
        #expect(bare.status == 422 && bare.json?["field"] == "reason")
        let done = try await scene.send(
            "POST", path, fields, ["reason": "spam", "seen": .string(seen.description)])
        #expect(done.status == 204)
        #expect(try await scene.show(fields)["thread"]?["status"] == "closed")
    }

    @Test func finishingGivesTheCode() async throws {
        let (_, fields) = try await atWork()
        let codes = try await scene.send("GET", Scene.path("c-1", "/wrap-ups"), fields)
        #expect(codes.json?["codes"] == [["id": "code-1", "name": "Solved"]])
        try await scene.serve { port in
            let done = try await scene.send(
                "POST", Scene.path("c-1", "/finish"), fields,
                ["wrap_up": ["code": "code-1", "name": "Solved", "notes": "n"]], at: port)
            #expect(done.status == 204)
            let shown = try await scene.send("GET", Scene.path(), fields, at: port)
            #expect(shown.json?["why"] == "ended")
        }
    }

    @Test func finishingMayBeRepeated() async throws {
        let (_, fields) = try await atWork()
        let order: JSON = ["wrap_up": ["code": "code-1", "name": "Solved"]]
        for _ in 0..<2 {
            let done = try await scene.send("POST", Scene.path("c-1", "/finish"), fields, order)
            #expect(done.status == 204)
        }
        #expect(try await finishes() == ["a-sam code-1"])
        #expect(scene.genesys.now.finished == ["c-1 code-1"])
        let other = try await scene.send(
            "POST", Scene.path("c-1", "/finish"), fields, ["wrap_up": ["code": "code-2"]])
        #expect(other.status == 409 && other.json?["code"] == "ended")
    }

    @Test func whoFinishesTwiceAtOnceHasFinishedOnce() async throws {
        let (_, fields) = try await atWork()
        scene.genesys.change { $0.finishIsLate = true }
        for _ in 0..<2 {
            let done = try await scene.send(
                "POST", Scene.path("c-1", "/finish"), fields,
                ["wrap_up": ["code": "code-1", "name": "Solved"]])
            #expect(done.status == 204)
        }
        #expect(try await finishes() == ["a-sam code-1"])
    }

    @Test func anEndThatWasNotRecordedIsWithTheRepeat() async throws {
        let (_, fields) = try await atWork()
        // Genesys has done it, and its answer was lost.
        scene.genesys.set(AgentPart(.ended), of: Scene.sam.id, in: "c-1")
        for _ in 0..<2 {
            let done = try await scene.send("POST", Scene.path("c-1", "/finish"), fields, [:])
            #expect(done.status == 204)
        }
        #expect(try await finishes() == ["a-sam -"])
    }

    @Test func whatWasHandedOnIsNotFinished() async throws {
        let (_, fields) = try await atWork()
        scene.genesys.set(AgentPart(.ended), of: Scene.sam.id, in: "c-1")
        try await scene.hand("c-1", to: Scene.kim)
        let answer = try await scene.send("POST", Scene.path("c-1", "/finish"), fields, [:])
        #expect(answer.status == 409 && answer.json?["code"] == "ended")
        #expect(try await finishes() == [])
    }

    private func finishes() async throws -> [String] {
        try await scene.store.audits(of: scene.name()).filter { $0.action == .finished }
            .map { "\($0.actor) \($0.detail ?? "-")" }
    }

    // MARK: Replies

    @Test func readyTextsAreFilledIn() async throws {
        let (_, fields) = try await atWork()
        scene.genesys.change {
            $0.replies = [
                QuickReply(
                    id: "r", name: "Hello", library: "L",
                    text: "Hi {{customer.firstName}}, {{ order.number }} {{agent.name}}"
                        + " {{shop.name}} {{customer.company}} {{days}} {{x",
                    defaults: ["days": "30", "agent.name": "nobody"])
            ]
        }
        let found = try await scene.send("GET", Scene.path("c-1", "/replies?q=Hel"), fields)
        #expect(
            found.json?["replies"]?[0]?["text"]
                == "Hi Erika, #9999 Sam Carter Tea & More {{customer.company}} 30 {{x")
        let none = try await scene.send("GET", Scene.path("c-1", "/replies?q=no"), fields)
        #expect(none.json == ["replies": []])
        scene.genesys.change { $0.repliesFailure = .notPermitted("no") }
        let refused = try await scene.send("GET", Scene.path("c-1", "/replies"), fields)
        #expect(refused.json == ["replies": [], "why": "not_permitted"])
    }

    /// Sam has the customer's conversation.
    private func atWork() async throws -> (seen: MessageID, fields: [(String, String)]) {
        let seen = try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        return (seen, try await scene.login())
    }
}
