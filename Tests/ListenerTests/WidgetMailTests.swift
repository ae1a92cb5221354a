import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import Listener

@Suite(.timeLimit(.minutes(15))) struct WidgetMailTests {
    private let scene = Scene()
    private let path = Scene.path("c-1", "/mail")

    @Test func aRegularMailIsLinkedToTheThread() async throws {
        let fields = try await atWork()
        #expect(
            try await scene.send("GET", path, fields).json == [
                "enabled": true, "from": "support@example.com", "to": "erika@example.org",
                "why": .null,
            ])
        let sent = try await scene.send("POST", path, fields, .mail("Your\r\ntea"))
        #expect(sent.status == 201 && sent.json?["conversation"] == "mail-1")
        #expect(
            scene.genesys.now.mails == [
                OutgoingMail(
                    queue: "q-1", to: "erika@example.org", toName: "Erika Muster",
                    subject: "Yourtea")
            ])
        let linked = try await scene.show(fields)["linked"]
        #expect(linked?[0]?["conversation"] == "mail-1")
        #expect(linked?[0]?["agent"]?["id"] == "a-sam")
    }

    @Test func theSameMailIsStartedOnceHoweverOftenItIsAskedFor() async throws {
        let fields = try await atWork()
        try await scene.serve { port in
            let answers = try await withThrowingTaskGroup(of: Client.Answer.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        try await scene.send("POST", path, fields, .mail("Tea"), at: port)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 201 && $0.json?["conversation"] == "mail-1" })
            #expect(scene.genesys.now.mails.count == 1)
            let other = try await scene.send("POST", path, fields, .mail("Tea", "k-2"), at: port)
            #expect(other.json?["conversation"] == "mail-2")
            // Another agent's page may draw the same key.
            try await scene.hand("c-1", to: Scene.kim)
            let kim = try await scene.login(Scene.kim)
            let theirs = try await scene.send("POST", path, kim, .mail("Tea"), at: port)
            #expect(theirs.json?["conversation"] == "mail-3")
            scene.clock.advance(by: StartedMails.lifetime)
            let late = try await scene.send("POST", path, kim, .mail("Tea"), at: port)
            #expect(late.json?["conversation"] == "mail-4")
        }
    }

    @Test func aMailThatMayHaveBeenStartedStaysUncertainAndIsNotStartedAnew() async throws {
        let fields = try await atWork()
        scene.genesys.change { $0.mailFailure = .uncertain("504") }
        try await scene.serve { port in
            let lost = try await scene.send("POST", path, fields, .mail("Tea"), at: port)
            #expect(lost.status == 502 && lost.json?["code"] == "mail_uncertain")
            #expect(lost["retry-after"] == nil)
            scene.genesys.change { $0.mailFailure = nil }
            let again = try await scene.send("POST", path, fields, .mail("Tea"), at: port)
            #expect(again.status == 502 && again.json?["code"] == "mail_uncertain")
            #expect(scene.genesys.now.mails == [])
        }
    }

    @Test(arguments: [(ParticipationError.refused("no"), 422), (.unavailable("429"), 503)])
    func aMailThatWasSurelyNotStartedMayBeAskedForAgain(
        _ failure: ParticipationError, _ status: Int
    ) async throws {
        let fields = try await atWork()
        scene.genesys.change { $0.mailFailure = failure }
        try await scene.serve { port in
            let refused = try await scene.send("POST", path, fields, .mail("Tea"), at: port)
            #expect(refused.status == status)
            scene.genesys.change { $0.mailFailure = nil }
            let started = try await scene.send("POST", path, fields, .mail("Tea"), at: port)
            #expect(started.status == 201 && started.json?["conversation"] == "mail-1")
        }
    }

    @Test func aMailThatIsNotLinkedIsNotSaidToHaveFailed() async throws {
        let fields = try await atWork()
        scene.store.failLinks()
        let started = try await scene.send("POST", path, fields, .mail("Tea"))
        #expect(started.status == 201 && started.json?["conversation"] == "mail-1")
    }

    @Test(arguments: ["", String(repeating: "k", count: 201)])
    func aMailHasAKeyOfItsOwn(_ key: String) async throws {
        let answer = try await scene.send("POST", path, try await atWork(), .mail("Tea", key))
        #expect(answer.status == 422 && answer.json?["field"] == "key")
        #expect(scene.genesys.now.mails == [])
    }

    @Test func withoutAnAddressNoMailIsWritten() async throws {
        let fields = try await atWork()
        scene.genesys.change { $0.address = nil }
        let shown = try await scene.send("GET", path, fields)
        #expect(shown.json?["enabled"] == false && shown.json?["why"] == "no_queue_address")
        let sent = try await scene.send("POST", path, fields, .mail("Tea"))
        #expect(sent.status == 409 && scene.genesys.now.mails == [])
    }

    /// Sam has the customer's conversation.
    private func atWork() async throws -> [(String, String)] {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        return try await scene.login()
    }
}

extension JSON {
    fileprivate static func mail(_ subject: String, _ key: String = "k-1") -> JSON {
        ["subject": .string(subject), "key": .string(key)]
    }
}
