import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import Listener

/// How much of a thread somebody sees who has no part in it.
@Suite(.timeLimit(.minutes(15))) struct WidgetOnlookerTests {
    private let scene = Scene()

    @Test func whoLooksOnSeesNothingOfWhatCameBeforeInAnotherDivision() async throws {
        let (question, id) = try await twoDivisions()
        let fields = try await scene.login(Scene.kim, Scene.supervisor)
        let shown = try await scene.send("GET", Scene.path("c-2"), fields)
        #expect(shown.json?["messages"]?.array?.map { $0["body"] } == ["And my cup?"])
        #expect(shown.json?["older"] == .null && shown.json?["earlier"] == [])
        #expect(shown.json?["order"] == .null && shown.json?["orders"] == [])
        #expect(shown.json?["thread"]?["subject"] == .null)
        #expect(shown.json?["customer"]?["name"] == "Erika, at Billing")
        let older = try await scene.send(
            "GET", Scene.path("c-2", "/messages?before=\(question)"), fields)
        #expect(older.json?["messages"] == [])
        let retry = try await scene.send(
            "POST", Scene.path("c-2", "/messages/\(id)/retry"), fields)
        #expect(retry.status == 404)
    }

    @Test func whoLooksOnSeesWhatCameBeforeWhereGenesysShowsThatToo() async throws {
        _ = try await twoDivisions()
        scene.genesys.change { $0.visible["a-kim"] = ["c-1"] }
        let fields = try await scene.login(Scene.kim, Scene.supervisor)
        let shown = try await scene.send("GET", Scene.path("c-2"), fields)
        #expect(shown.json?["messages"]?.array?.count == 3)
        #expect(shown.json?["order"] != .null)
    }

    @Test func ofMoreConversationsThanAreNamedTheOldestShowNothing() async throws {
        let last = ConversationNeighbours.most + 2
        for number in 1...last {
            try await scene.conversation("c-\(number)", message: .question)
            try await scene.end("c-\(number)", by: .system)
        }
        let all = (1...last).map { "c-\($0)" }
        scene.genesys.change { $0.visible["a-kim"] = Set(all.dropFirst()) }
        let fields = try await scene.login(Scene.kim, Scene.supervisor)
        for (id, count) in [(all[last - 1], last - 1), (all[1], 1)] {
            scene.genesys.set(AgentPart(.onlooker), of: Scene.kim.id, in: id)
            let shown = try await scene.send("GET", Scene.path(id), fields)
            #expect(shown.json?["messages"]?.array?.count == count)
        }
    }

    @Test func whoLooksOnSeesNothingOfWhatCameAfterInAnotherDivision() async throws {
        for number in 1...3 {
            try await scene.conversation("c-\(number)", message: .question)
            scene.genesys.set(AgentPart(.onlooker), of: Scene.kim.id, in: "c-\(number)")
        }
        scene.genesys.change { $0.visible["a-kim"] = ["c-2"] }
        let fields = try await scene.login(Scene.kim, Scene.supervisor)
        let first = try await scene.send("GET", Scene.path("c-1"), fields)
        #expect(first.json?["messages"]?.array?.count == 2)
        // While another lives beside it that is hidden, nobody can tell what is of which.
        let second = try await scene.send("GET", Scene.path("c-2"), fields)
        #expect(second.status == 200 && second.json?["messages"] == [])
    }

    /// They may have lived at once, or what led to the next one waited.
    @Test func whatIsWrittenInAHiddenConversationIsItsOwnWheneverItWas() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        try await scene.conversation("c-2", message: Message(body: "Mine", customer: Self.erika))
        let note = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), scene.login(),
            ["kind": "note", "body": "For Support alone", "key": "n"])
        #expect(note.status == 202)
        try await scene.end("c-1")
        scene.genesys.set(AgentPart(.onlooker), of: Scene.kim.id, in: "c-2")
        let fields = try await scene.login(Scene.kim, Scene.supervisor)
        let shown = try await scene.send("GET", Scene.path("c-2"), fields)
        #expect(shown.json?["messages"]?.array?.map { $0["body"] } == ["Mine"])
        let id = try #require(note.json?["id"]?.string)
        let retry = try await scene.send(
            "POST", Scene.path("c-2", "/messages/\(id)/retry"), fields)
        #expect(retry.status == 404)
        scene.genesys.change { $0.visible["a-kim"] = ["c-1", "c-2"] }
        scene.clock.advance(by: .seconds(60))
        let all = try await scene.send("GET", Scene.path("c-2"), fields)
        #expect(all.json?["messages"]?.array?.count == 3)
    }

    @Test func aListTellsNothingOfWhatIsHiddenInAThread() async throws {
        _ = try await twoDivisions()
        let fields = try await scene.login(Scene.kim, Scene.supervisor)
        for (visible, name) in [(Set(["c-2"]), .null), (["c-1", "c-2"], "Erika, at Billing")]
            as [(Set<String>, JSON)]
        {
            scene.genesys.change { $0.visible["a-kim"] = visible }
            let list = try await scene.send("GET", "/widget/api/threads?view=waiting", fields)
            #expect(list.json?["threads"]?.array?.map { $0["conversation"] } == ["c-2"])
            #expect(list.json?["threads"]?[0]?["customer"] == name)
        }
    }

    @Test func whatIsOlderThanAllThatAreNamedIsShownByItself() async throws {
        let all = (0...ConversationNeighbours.most).map { "c-\($0)" }
        for id in all { try await scene.conversation(id, message: .question) }
        scene.genesys.set(AgentPart(.onlooker), of: Scene.kim.id, in: "c-0")
        let fields = try await scene.login(Scene.kim, Scene.supervisor)
        for (visible, count) in [(Set(all), all.count - 1), ([], 1)] {
            scene.genesys.change { $0.visible["a-kim"] = visible }
            scene.clock.advance(by: .seconds(60))
            let shown = try await scene.send("GET", Scene.path("c-0"), fields)
            #expect(shown.json?["messages"]?.array?.count == count)
        }
    }

    private static var erika: Customer {
        var customer = Message.question.customer
        customer.name = "Erika, at Billing"
        return customer
    }

    /// A note in a conversation of the first queue, then a question in one of another, which Kim looks on at.
    private func twoDivisions() async throws -> (question: MessageID, note: String) {
        let question = try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let note = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), scene.login(),
            ["kind": "note", "body": "For Support alone", "key": "n"])
        try await scene.end("c-1")
        try await scene.conversation(
            "c-2", message: Message(body: "And my cup?", customer: Self.erika))
        let other = Queue(id: "q-2", name: "Billing")
        try await scene.store.observe(
            Observation(reference: "c-2", stage: .waiting, queue: other))
        scene.genesys.set(AgentPart(.onlooker, queue: other), of: Scene.kim.id, in: "c-2")
        return (question, try #require(note.json?["id"]?.string))
    }
}
