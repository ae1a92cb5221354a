import Crypto
import Foundation
import Sandbox
import Testing

@Suite("Demo shop", .timeLimit(.minutes(15)))
struct ShopTests {
    /// A sandbox whose demo shop posts to another one, which is no bridge and answers 404.
    private func withShop(
        bridge: Int = 9, now: @escaping @Sendable () -> Date = { Date() },
        _ body: (Sandbox) async throws -> Void
    ) async throws {
        var options = Sandbox.Options()
        options.now = now
        options.bridge = try .init(
            bridge: "http://127.0.0.1:\(bridge)", secret: ShopCall.secret)
        try await withSandbox(options, body)
    }

    private func write(_ sandbox: Sandbox, _ text: String) async throws -> ReceivedAnswer {
        let body = try JSONSerialization.data(
            withJSONObject: ["order": "1042", "text": text])
        return try await sandbox.call(
            "POST", "/shop/messages", body: String(decoding: body, as: UTF8.self))
    }

    private func lines(_ sandbox: Sandbox) async throws -> [[String: Any]] {
        let state = try await sandbox.call("GET", "/shop/state")
        let threads = try #require(state.json["threads"] as? [String: Any])
        return threads["1042"] as? [[String: Any]] ?? []
    }

    @Test func postsWhatACustomerWritesSigned() async throws {
        let bridge = try LoneBridge(answering: "202 Accepted")
        try await withShop(bridge: bridge.port) { sandbox in
            async let request = bridge.next()
            let answer = try await write(sandbox, "  Where is it?\n")
            #expect(answer.status == 200)
            #expect(answer.json["status"] as? String == "accepted")
            let post = try await request
            #expect(post.first == "POST /v1/messages HTTP/1.1")
            let json = try #require(
                try JSONSerialization.jsonObject(with: Data(post.body.utf8)) as? [String: Any])
            let data = try #require(json["data"] as? [String: Any])
            let message = try #require(data["message"] as? [String: Any])
            #expect(message["body"] as? String == "Where is it?")
            #expect(message["id"] as? String == answer.json["id"] as? String)
            #expect((data["conversation"] as? [String: String]) == ["key": "order-1042"])
            #expect((data["order"] as? [String: Any])?["number"] as? String == "#1042")
            let id = try #require(post.headers["webhook-id"])
            let time = try #require(post.headers["webhook-timestamp"])
            #expect(json["id"] as? String == id)
            #expect(
                post.headers["webhook-signature"]
                    == ShopCall.signature(id: id, time: time, body: post.body))
            #expect(try await lines(sandbox).map { $0["status"] as? String } == ["accepted"])
        }
    }

    @Test func whatTheBridgeRefusesSaysWhy() async throws {
        let bridge = try LoneBridge(
            answering: "422 Unprocessable", body: #"{"title": "no", "detail": "too long"}"#)
        try await withShop(bridge: bridge.port) { sandbox in
            async let request = bridge.next()
            let answer = try await write(sandbox, "hello")
            _ = try await request
            #expect(answer.json["status"] as? String == "refused")
            #expect(answer.json["detail"] as? String == "too long")
            let id = try #require(answer.json["id"] as? String)
            let again = try await sandbox.call("POST", "/shop/messages/\(id)/resend")
            #expect(again.status == 409)
        }
    }

    @Test func whatDoesNotReachTheBridgeIsSentAgainAsItWas() async throws {
        let bridge = try LoneBridge(answering: "503 Service Unavailable", "202 Accepted")
        try await withShop(bridge: bridge.port) { sandbox in
            async let first = bridge.next()
            let answer = try await write(sandbox, "hello")
            #expect(answer.json["status"] as? String == "unsent")
            let id = try #require(answer.json["id"] as? String)
            let before = try await first
            async let second = bridge.next()
            let again = try await sandbox.call("POST", "/shop/messages/\(id)/resend")
            #expect(again.json["status"] as? String == "accepted")
            let after = try await second
            #expect(after.body == before.body)
            #expect(after.headers["webhook-id"] == before.headers["webhook-id"])
            #expect(try await lines(sandbox).count == 1)
        }
    }

    @Test func aBridgeThatIsNotThereLeavesTheMessageUnsent() async throws {
        try await withShop { sandbox in
            let answer = try await write(sandbox, "hello")
            #expect(answer.json["status"] as? String == "unsent")
            #expect(
                (answer.json["detail"] as? String)?.hasSuffix("did not answer.") == true)
        }
    }

    @Test func anAnswerOfAnAgentIsShownAndAnswersTheMessagesBefore() async throws {
        try await withShop { sandbox in
            let written = try await write(sandbox, "hello")
            let id = try #require(written.json["id"] as? String)
            let dead = #"{"type": "message.dead", "data": {"message": {"message_id": "\#(id)"}}}"#
            #expect(try await sandbox.callback("evt-1", dead).status == 200)
            #expect(try await lines(sandbox)[0]["status"] as? String == "dead")
            #expect(try await sandbox.callback("evt-2", ShopCall.reply).status == 200)
            let lines = try await lines(sandbox)
            #expect(lines.map { $0["kind"] as? String } == ["message", "event", "reply"])
            #expect(lines[2]["text"] as? String == "It is <b>on its way</b>.")
            #expect(lines[2]["agent"] as? String == "Sam")
        }
    }

    @Test func aCallbackIsKeptOnceAndItsAttemptsAreCounted() async throws {
        try await withShop { sandbox in
            for _ in 1...3 {
                #expect(try await sandbox.callback("evt-1", ShopCall.reply).status == 200)
            }
            let answer = try await sandbox.call("GET", "/shop/callbacks")
            let callbacks = try #require(answer.json["callbacks"] as? [[String: Any]])
            #expect(callbacks.count == 1)
            #expect(callbacks[0]["webhook_id"] as? String == "evt-1")
            #expect(callbacks[0]["type"] as? String == "agent.reply")
            #expect(callbacks[0]["attempts"] as? Int == 3)
            #expect(callbacks[0]["received_at"] as? String != nil)
            #expect((callbacks[0]["body"] as? [String: Any])?["id"] as? String == "evt-a")
            #expect(try await sandbox.callbacks(atLeast: 1).map(\.body) == [ShopCall.reply])
            try await sandbox.forget()
            #expect(await sandbox.callbacks().isEmpty)
        }
    }

    @Test(arguments: ["bad", "old", "none", "other body"])
    func aCallbackThatIsNotSignedIsRefused(how: String) async throws {
        try await withShop { sandbox in
            let answer: ReceivedAnswer
            switch how {
            case "bad":
                answer = try await sandbox.callback(
                    "evt-1", ShopCall.reply,
                    secret: "whsec_" + Data(repeating: 8, count: 24).base64EncodedString())
            case "old":
                answer = try await sandbox.callback("evt-1", ShopCall.reply, age: 301)
            case "other body":
                answer = try await sandbox.callback(
                    "evt-1", ShopCall.reply, sent: ShopCall.reply + " ")
            default:
                answer = try await sandbox.call("POST", "/shop/callback", body: ShopCall.reply)
            }
            #expect(answer.status == 401)
            #expect(await sandbox.callbacks().isEmpty)
        }
    }

    @Test(arguments: ["[]", "{}", "type", #"{"type": 1}"#])
    func aCallbackThatIsNoEventIsRefused(body: String) async throws {
        try await withShop { sandbox in
            let answer = try await sandbox.callback("evt-1", body)
            #expect(answer.status == 400)
            #expect(await sandbox.callbacks().isEmpty)
        }
    }

    @Test func withoutABridgeItOnlyShowsItsPage() async throws {
        try await withSandbox { sandbox in
            #expect(try await write(sandbox, "hello").status == 503)
            #expect(try await sandbox.callback("evt-1", ShopCall.reply).status == 503)
            let state = try await sandbox.call("GET", "/shop/state")
            #expect(state.json["bridge"] == nil)
            for (path, type) in [
                ("/shop", "text/html"), ("/shop/style.css", "text/css"),
                ("/shop/script.js", "text/javascript"),
            ] {
                let page = try await sandbox.call("GET", path)
                #expect(page.status == 200)
                #expect(page.headers["content-type"]?.hasPrefix(type) == true)
                let policy = try #require(page.headers["content-security-policy"])
                // The page's icon is the address `data:,`.
                #expect(policy.hasPrefix("default-src 'none'; img-src data:;"))
                #expect(!page.body.contains("innerHTML") && !page.body.contains("https://"))
            }
        }
    }

    @Test(arguments: [
        "{}", #"{"order": "1", "text": "a"}"#, #"{"order": "1042", "text": " "}"#,
    ])
    func aMessageThatDoesNotFitIsRefused(body: String) async throws {
        try await withShop { sandbox in
            let answer = try await sandbox.call("POST", "/shop/messages", body: body)
            #expect(answer.status == 400)
            #expect(try await lines(sandbox).isEmpty)
        }
    }

    @Test func whatIsNoAddressOrNoSecretIsNotTaken() {
        for address in ["https://a", "127.0.0.1:8080", "http://a/b", "http://"] {
            #expect(throws: Sandbox.BridgeLink.Mistake.address(address)) {
                try Sandbox.BridgeLink(bridge: address, secret: ShopCall.secret)
            }
        }
        for secret in ["", "whsec_", "whsec_AAAA", "abc"] {
            #expect(throws: Sandbox.BridgeLink.Mistake.secret) {
                try Sandbox.BridgeLink(bridge: "http://a", secret: secret)
            }
        }
    }
}
