import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import Listener

@Suite(.timeLimit(.minutes(15))) struct WidgetConversationDraftTests {
    private let scene = Scene()

    @Test func aDraftIsKeptForEachKindAndDroppedWhereItIsEmpty() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let fields = try await scene.login()
        for (kind, body) in [("answer", "Dear"), ("answer", "Dear E"), ("note", "hm")] {
            #expect(try await keep(body, kind, fields).status == 204)
        }
        let drafts = try #require(try await scene.show(fields)["draft"])
        #expect(drafts["answer"]?["body"] == "Dear E" && drafts["note"]?["body"] == "hm")
        #expect(try await keep("", "answer", fields).status == 204)
        #expect(try await scene.show(fields)["draft"]?["answer"] == .null)
    }

    @Test func whoOnlyLooksOnKeepsNoDraft() async throws {
        try await scene.conversation("c-1")
        for (kind, status) in [(AgentPart.Kind.onlooker, 403), (.alerting, 409)] {
            scene.genesys.set(AgentPart(kind), of: Scene.kim.id, in: "c-1")
            #expect(try await keep("x", "answer", scene.login(Scene.kim)).status == status)
        }
    }

    @Test func aTransferLosesNothing() async throws {
        let seen = try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let sam = try await scene.login()
        _ = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), sam,
            ["kind": "note", "body": "Asked the depot.", "key": "n"])
        _ = try await keep("Dear Erika,", "answer", sam)
        // Sam hands it to Kim, and what was typed last comes after that.
        scene.genesys.set(AgentPart(.ended), of: Scene.sam.id, in: "c-1")
        try await scene.hand("c-1", to: Scene.kim)
        #expect(try await keep("Dear Erika, it", "answer", sam).status == 204)

        let kim = try await scene.login(Scene.kim)
        let shown = try await scene.show(kim)
        #expect(shown["messages"]?[1]?["body"] == "Asked the depot.")
        #expect(shown["draft"]?["answer"] == .null)
        #expect(shown["left"]?[0]?["agent"] == ["id": "a-sam", "name": "Sam Carter"])
        #expect(shown["left"]?[0]?["body"] == "Dear Erika, it")
        let taken = try await scene.send(
            "POST", Scene.path("c-1", "/draft/take"), kim, ["agent": "a-sam", "kind": "answer"])
        #expect(taken.status == 200 && taken.json?["body"] == "Dear Erika, it")
        let after = try await scene.show(kim)
        #expect(after["draft"]?["answer"]?["body"] == "Dear Erika, it")
        #expect(after["left"] == [])
        let sent = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), kim,
            .answer("Dear Erika, it is on its way.", seen: seen))
        #expect(sent.status == 202)
        #expect(try await scene.show(kim)["draft"]?["answer"] == .null)
    }

    @Test func ofWhatWasLeftTheOneThatIsMeantIsTaken() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let sam = try await scene.login()
        _ = try await keep("For colleagues", "note", sam)
        _ = try await keep("Dear Erika,", "answer", sam)
        scene.genesys.set(AgentPart(.ended), of: Scene.sam.id, in: "c-1")
        try await scene.hand("c-1", to: Scene.kim)
        let kim = try await scene.login(Scene.kim)
        for (kind, body) in [("note", "For colleagues"), ("answer", "Dear Erika,")] {
            let taken = try await scene.send(
                "POST", Scene.path("c-1", "/draft/take"), kim,
                ["agent": "a-sam", "kind": .string(kind)])
            #expect(taken.json?["body"] == .string(body))
        }
    }

    @Test func whatIsTakenComesBehindOnesOwnDraft() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let sam = try await scene.login()
        #expect(try await keep("It is on its way.", "answer", sam).status == 204)
        try await scene.hand("c-1", to: Scene.kim)
        let kim = try await scene.login(Scene.kim)
        #expect(try await keep("Dear Erika,", "answer", kim).status == 204)
        let order: JSON = ["agent": "a-sam", "kind": "answer"]
        let taken = try await scene.send("POST", Scene.path("c-1", "/draft/take"), kim, order)
        #expect(taken.status == 200)
        #expect(taken.json?["body"] == "It is on its way.")
        let shown = try await scene.show(kim)
        #expect(shown["draft"]?["answer"]?["body"] == "Dear Erika,\n\nIt is on its way.")
        #expect(shown["left"] == [])
    }

    @Test func whatHasNoRoomBehindOnesOwnDraftIsLeft() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let half = String(repeating: "x", count: AgentMessage.maxBody / 2)
        #expect(try await keep(half, "answer", scene.login()).status == 204)
        try await scene.hand("c-1", to: Scene.kim)
        let kim = try await scene.login(Scene.kim)
        #expect(try await keep(half, "answer", kim).status == 204)
        let order: JSON = ["agent": "a-sam", "kind": "answer"]
        let refused = try await scene.send("POST", Scene.path("c-1", "/draft/take"), kim, order)
        #expect(refused.status == 409 && refused.json?["code"] == "draft_full")
        let shown = try await scene.show(kim)
        #expect(shown["draft"]?["answer"]?["body"] == .string(half))
        #expect(shown["left"]?[0]?["body"] == .string(half))
    }

    @Test func onceAnotherConversationFollowsNothingIsTypedIntoTheOldOne() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let sam = try await scene.login()
        scene.genesys.set(AgentPart(.ended), of: Scene.sam.id, in: "c-1")
        try await scene.end("c-1")
        #expect(try await keep("Typed as it ended", "answer", sam).status == 204)
        try await scene.conversation("c-2")
        try await scene.hand("c-2", to: Scene.kim)
        let late = try await keep("Kim, do as I say", "answer", sam)
        #expect(late.status == 409 && late.json?["code"] == "ended")
        let shown = try await scene.send("GET", Scene.path("c-2"), scene.login(Scene.kim))
        #expect(shown.json?["left"]?.array?.map { $0["body"] } == ["Typed as it ended"])
    }

    @Test func whoIsStillAtWorkKeepsTheirDraft() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        _ = try await keep("Mine", "answer", scene.login())
        // Both have it, as in a conference.
        scene.genesys.set(AgentPart(.connected), of: Scene.kim.id, in: "c-1")
        let kim = try await scene.login(Scene.kim)
        #expect(try await scene.show(kim)["left"] == [])
        let taken = try await scene.send(
            "POST", Scene.path("c-1", "/draft/take"), kim, ["agent": "a-sam", "kind": "answer"])
        #expect(taken.status == 409)
        let dropped = try await scene.send(
            "DELETE", Scene.path("c-1", "/draft?agent=a-sam&kind=answer"), kim)
        #expect(dropped.status == 409)
    }

    @Test func whoseConversationIsNotAmongTheNamedOnesKeepsTheirDraft() async throws {
        try await scene.conversation("c-0")
        try await scene.hand("c-0", to: Scene.sam)
        let sam = try await scene.login()
        let path = Scene.path("c-0", "/draft")
        let order: JSON = ["kind": "answer", "body": "Mine"]
        #expect(try await scene.send("PUT", path, sam, order).status == 204)
        for number in 1...TranscriptPage.mostConversations {
            try await scene.conversation("c-\(number)")
        }
        scene.genesys.set(AgentPart(.connected), of: Scene.kim.id, in: "c-1")
        let taken = try await scene.send(
            "POST", Scene.path("c-1", "/draft/take"), scene.login(Scene.kim),
            ["agent": "a-sam", "kind": "answer"])
        #expect(taken.status == 409)
    }

    @Test func aDraftThatWasLeftIsDropped() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        _ = try await keep("Old", "answer", scene.login())
        try await scene.hand("c-1", to: Scene.kim)
        let kim = try await scene.login(Scene.kim)
        let path = Scene.path("c-1", "/draft?agent=a-sam&kind=answer")
        #expect(try await scene.send("DELETE", path, kim).status == 204)
        #expect(try await scene.show(kim)["left"] == [])
        let gone = try await scene.send("DELETE", path, kim)
        #expect(gone.status == 409 && gone.json?["code"] == "refused")
    }

    @Test func whatWasLeftIsShownWhateverElseIsKnownOfItsAuthor() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        try await scene.serve { port in
            // An open page of Sam's asks for nothing more after that.
            let sam = try await scene.login()
            _ = try await scene.send("GET", Scene.path(), sam, at: port)
            let body: JSON = ["kind": "answer", "body": "Dear", "files": []]
            _ = try await scene.send("PUT", Scene.path("c-1", "/draft"), sam, body, at: port)
            scene.genesys.end(in: "c-1")
            scene.genesys.set(AgentPart(.connected), of: Scene.kim.id, in: "c-1")
            let kim = try await scene.login(Scene.kim)
            let shown = try await scene.send("GET", Scene.path(), kim, at: port)
            #expect(shown.json?["left"]?[0]?["body"] == "Dear")
        }
    }

    @Test func whoHasJustLostTheConversationIsShownNothingOfTheNextOnesDraft() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        try await scene.serve { port in
            let (sam, kim) = (try await scene.login(), try await scene.login(Scene.kim))
            _ = try await scene.send("GET", Scene.path(), sam, at: port)
            scene.genesys.end(in: "c-1")
            scene.genesys.set(AgentPart(.connected), of: Scene.kim.id, in: "c-1")
            let body: JSON = ["kind": "answer", "body": "Kim's", "files": []]
            _ = try await scene.send("PUT", Scene.path("c-1", "/draft"), kim, body, at: port)
            let shown = try await scene.send("GET", Scene.path(), sam, at: port)
            #expect(shown.json?["left"] == [])
        }
        try await scene.serve { port in
            let (sam, kim) = (try await scene.login(), try await scene.login(Scene.kim))
            scene.genesys.set(AgentPart(.connected), of: Scene.sam.id, in: "c-1")
            _ = try await scene.send("GET", Scene.path(), sam, at: port)
            scene.genesys.end(in: "c-1")
            scene.genesys.set(AgentPart(.connected), of: Scene.kim.id, in: "c-1")
            let order: JSON = ["agent": "a-kim", "kind": "answer"]
            let taken = try await scene.send(
                "POST", Scene.path("c-1", "/draft/take"), sam, order, at: port)
            #expect(taken.status == 409 && taken.json?["code"] == "ended")
            let kept = try await scene.send("GET", Scene.path(), kim, at: port)
            #expect(kept.json?["draft"]?["answer"]?["body"] == "Kim's")
        }
    }

    @Test func whatIsLeftLaterShowsInTheMark() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        try await scene.hand("c-1", to: Scene.kim)
        let (sam, kim) = (try await scene.login(), try await scene.login(Scene.kim))
        try await scene.serve { port in
            func mark(after body: String, of fields: [(String, String)]) async throws -> JSON? {
                _ = try await scene.send(
                    "PUT", Scene.path("c-1", "/draft"), fields,
                    ["kind": "answer", "body": .string(body), "files": []], at: port)
                return try await scene.send("GET", Scene.path("c-1", "/mark"), kim, at: port)
                    .json?["mark"]
            }
            // That somebody is there is a change as well, the first time.
            _ = try await mark(after: "Own", of: kim)
            let first = try await mark(after: "Typed last", of: sam)
            #expect(try await mark(after: "Own, and more", of: kim) == first)
            scene.clock.advance(by: .seconds(1))
            #expect(try await mark(after: "Typed last, and more", of: sam) != first)
        }
    }

    private func keep(
        _ body: String, _ kind: String, _ fields: [(String, String)]
    ) async throws -> Client.Answer {
        try await scene.send(
            "PUT", Scene.path("c-1", "/draft"), fields,
            ["kind": .string(kind), "body": .string(body), "files": []])
    }
}
