import Foundation
import Sandbox
import Testing

@Suite("Behaviour of the demo shop", .timeLimit(.minutes(15)))
struct ShopBehaviourTests {
    private func withShop(_ body: (Sandbox) async throws -> Void) async throws {
        var options = Sandbox.Options()
        options.bridge = try .init(bridge: "http://127.0.0.1:9", secret: ShopCall.secret)
        try await withSandbox(options, body)
    }

    @Test func theNextCallbacksAreAnsweredAsPlanned() async throws {
        try await withShop { sandbox in
            for plan in [
                #"{"status": 503, "count": 2, "retry_after": 7}"#,
                #"{"status": 422, "body": {"title": "no such order"}}"#,
                #"{"status": 307, "location": "http://127.0.0.1:9/"}"#,
            ] {
                #expect(
                    try await sandbox.call("POST", "/shop/behaviour", body: plan).status == 200)
            }
            var answers: [ReceivedAnswer] = []
            for _ in 1...5 {
                answers.append(try await sandbox.callback("evt-1", ShopCall.reply))
            }
            #expect(answers.map(\.status) == [503, 503, 422, 307, 200])
            #expect(answers[0].headers["retry-after"] == "7")
            #expect(answers[2].headers["content-type"] == "application/problem+json")
            #expect(answers[2].json["title"] as? String == "no such order")
            #expect(answers[3].headers["location"] == "http://127.0.0.1:9/")
            #expect(await sandbox.callbacks().map(\.attempts) == [5])
        }
    }

    @Test(arguments: [(nil, 0), (true, 1)] as [(Bool?, Int)])
    func aRefusedCallbackIsNotKeptUnlessItWasApplied(applied: Bool?, kept: Int) async throws {
        try await withShop { sandbox in
            await sandbox.plan(.init(status: 500, applied: applied))
            let answer = try await sandbox.callback("evt-1", ShopCall.reply)
            #expect(answer.status == 500)
            #expect(await sandbox.callbacks().count == kept)
        }
    }

    @Test func aSlowAnswerComesLate() async throws {
        try await withShop { sandbox in
            await sandbox.plan(.init(delay: 300))
            let start = ContinuousClock.now
            let answer = try await sandbox.callback("evt-1", ShopCall.reply)
            #expect(answer.status == 200)
            #expect(ContinuousClock.now - start >= .milliseconds(300))
        }
    }

    @Test func whatIsNotSignedUsesUpNoPlan() async throws {
        try await withShop { sandbox in
            await sandbox.plan(.init(status: 410))
            _ = try await sandbox.callback("evt-1", ShopCall.reply, age: 301)
            #expect(try await sandbox.callback("evt-1", ShopCall.reply).status == 410)
        }
    }

    @Test func plansAreShownAndDropped() async throws {
        try await withShop { sandbox in
            await sandbox.plan(.init(status: 410, count: 3))
            let shown = try await sandbox.call("GET", "/shop/behaviour")
            let plans = try #require(shown.json["behaviours"] as? [[String: Any]])
            #expect(plans.map { $0["count"] as? Int } == [3])
            _ = try await sandbox.call("DELETE", "/shop/behaviour")
            #expect(try await sandbox.callback("evt-1", ShopCall.reply).status == 200)
            await sandbox.plan(.init(status: 410))
            try await sandbox.forget()
            #expect(try await sandbox.callback("evt-1", ShopCall.reply).status == 200)
        }
    }

    @Test(arguments: [#"{"status": 99}"#, #"{"count": 0}"#, #"{"delay": 1}"#, "[]", ""])
    func aPlanThatDoesNotFitIsRefused(body: String) async throws {
        try await withShop { sandbox in
            let answer = try await sandbox.call("POST", "/shop/behaviour", body: body)
            #expect(answer.status == 400)
            #expect(try await sandbox.callback("evt-1", ShopCall.reply).status == 200)
        }
    }
}
