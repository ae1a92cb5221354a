import ExactJSON
import Listener
import Outbox
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15))) struct SupervisionTests {
    private let write = ("Authorization", "Bearer w")
    private let read = ("Authorization", "Bearer r")
    private let thread = ThreadName(ShopName("default"), ThreadKey("t"))

    private func ops() async throws -> Ops {
        var ops = Ops()
        ops.tokens = [
            AccessToken(name: "anna", secret: "w", scope: .write),
            AccessToken(name: "wall", secret: "r", scope: .read),
        ]
        try await ops.accept("t")
        return ops
    }

    @Test func whoIsToBeSeenToIsListed() async throws {
        let ops = try await ops()
        try await ops.settle(.dead(reason: "<b>refused</b>"))
        #expect(try await ops.get("/concerns").status == 401)
        let concerns = try await ops.get("/concerns", [read]).json?["concerns"]?.array
        #expect(concerns?.count == 1)
        #expect(concerns?[0]["kind"] == "unanswered")
        #expect(concerns?[0]["thread"] == "t")
        let page = try await ops.get("/concerns", [read, ("Accept", "text/html")])
        #expect(page["content-type"] == "text/html; charset=utf-8")
        #expect(page.text.contains("&lt;b&gt;refused"))
        #expect(!page.text.contains("secret words"))
        let outbox = try await ops.get("/outbox", [read, ("Accept", "text/html")])
        #expect(outbox.text.contains("<a href=\"/concerns\">1 to see to</a>"))
        #expect(
            try await ops.get("/metrics", [read]).text.contains(
                "bridge_concerns{kind=\"unanswered\"} 1"))
    }

    @Test func nobodyToSeeToIsSaid() async throws {
        let ops = try await ops()
        let page = try await ops.get("/concerns", [read, ("Accept", "text/html")])
        #expect(page.text.contains("Nobody:"))
    }

    @Test func anAnswerIsWrittenOnce() async throws {
        let ops = try await ops()
        let body = #"{"agent":{"id":"a1","name":"Sam"},"body":"On its way.","key":"k1"}"#
        #expect(try await ops.post("/threads/default/t/answers", [read], body: body).status == 403)
        let first = try await ops.post("/threads/default/t/answers", [write], body: body)
        #expect(first.status == 200)
        #expect(first.json?["status"] == "accepted")
        let again = try await ops.post("/threads/default/t/answers", [write], body: body)
        #expect(again.json?["status"] == "duplicate")
        #expect(again.json?["id"] == first.json?["id"])
        // The same words and key in another thread are another answer.
        try await ops.accept("u")
        let other = try await ops.post("/threads/default/u/answers", [write], body: body)
        #expect(other.json?["status"] == "accepted")
        let audit = try await ops.store.audits(of: thread)
        #expect(audit.map(\.actor) == ["anna"])
        let transcript = try await ops.store.transcript(of: thread)
        #expect(transcript.messages.map(\.message?.body) == ["secret words", "On its way."])
        #expect(transcript.messages[1].message?.authorship?.agent.name == "Sam")
        #expect(transcript.summary.status == .answered)
    }

    @Test(arguments: [
        (#"{"key":"k","body":" "}"#, "body"), (#"{"body":"x"}"#, "key"),
        (#"{"key":"k","body":"x","seen":"no id"}"#, "seen"), ("no json", "body"),
        (#"{"key":"k","body":"x","seen":7}"#, "seen"),
        (#"{"key":"k","body":"x","agent":{"id":""}}"#, "agent.id"),
        (#"{"key":"k","body":"x","conversation":"a\tb"}"#, "conversation"),
    ])
    func anAnswerThatCannotBeTakenNamesTheField(_ body: String, _ field: String) async throws {
        let ops = try await ops()
        let answer = try await ops.post("/threads/default/t/answers", [write], body: body)
        #expect(answer.status == 422)
        #expect(answer.json?["field"]?.string == field)
        #expect(try await ops.store.transcript(of: thread).messages.count == 1)
    }

    @Test func whoWroteAgainIsAConflict() async throws {
        let ops = try await ops()
        let seen = try await ops.store.transcript(of: thread).messages[0].id
        try await ops.accept("t")
        let body = #"{"body":"x","key":"k","seen":"\#(seen)"}"#
        let answer = try await ops.post("/threads/default/t/answers", [write], body: body)
        #expect(answer.status == 409)
        #expect(answer.text.contains("wrote again"))
    }

    @Test func theTranscriptIsReadAndThatIsRecorded() async throws {
        let ops = try await ops()
        _ = try await ops.post(
            "/threads/default/t/notes", [write], body: #"{"body":"vip","key":"n"}"#)
        let json = try #require(try await ops.get("/threads/default/t", [read]).json)
        #expect(json["messages"]?.array?.map { $0["direction"] } == ["customer", "note"])
        #expect(json["audit"]?.array?.map { $0["action"] } == ["noted", "read"])
        #expect(json["audit"]?.array?.map { $0["actor"] } == ["anna", "wall"])
        #expect(try await ops.get("/threads/default/x", [read]).status == 404)
        #expect(try await ops.get("/threads/other/t", [read]).status == 404)
    }

    @Test func whatWaitsIsCreatedAgainDismissedOrClosed() async throws {
        let ops = try await ops()
        let busy = try await ops.post("/threads/default/t/recreate", [write])
        #expect(busy.status == 409)
        try await ops.settle(.delivered(reference: "c"))
        try await ops.store.observe(
            Observation(reference: "c", stage: .ended, wasAccepted: true, end: .agent))
        #expect(try await ops.post("/threads/default/t/recreate", [write]).status == 200)
        #expect(try await ops.store.concerns(limit: 9).isEmpty)
        let none = try await ops.post("/threads/default/t/dismiss", [write], body: "{}")
        #expect(none.json?["field"] == "reason")
        let dismissed = try await ops.post(
            "/threads/default/t/dismiss", [write], body: #"{"reason":"spam"}"#)
        #expect(dismissed.status == 200)
        #expect(try await ops.store.transcript(of: thread).summary.status == .closed)
        #expect(try await ops.post("/threads/default/t/close", [write]).status == 200)
    }
}
