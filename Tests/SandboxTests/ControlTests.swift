import Foundation
import Sandbox
import Testing

@Suite("Control", .timeLimit(.minutes(15)))
struct ControlTests {
    @Test func conversationsAreListedNewestLast() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            for marker in ["a", "b", "c"] {
                let body = try createBody { $0["toAddress"] = marker }
                #expect(try await sandbox.create(token: token, body: body).status == 200)
            }
            let all = try await sandbox.call("GET", "/sandbox/conversations")
            let list = try #require(all.json["conversations"] as? [[String: Any]])
            #expect(list.map { $0["toAddress"] as? String } == ["a", "b", "c"])
            #expect(list[0]["attributes"] as? [String: String] == ["order.number": "1042"])
            #expect(list[0]["state"] as? String == "queued")
            #expect(list[0]["queueId"] as? String == demoQueue)
            let last = try await sandbox.call("GET", "/sandbox/conversations?last=1")
            #expect(last.json["count"] as? Int == 3)
            let newest = try #require(last.json["conversations"] as? [[String: Any]])
            #expect(newest.map { $0["toAddress"] as? String } == ["c"])
        }
    }

    @Test func theJournalTellsEachCallAndItsAnswer() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            let created = try await sandbox.create(token: token)
            let answer = try await sandbox.call(
                "GET", "/sandbox/journal?path=/api/v2/conversations&last=1")
            let list = try #require(answer.json["journal"] as? [[String: Any]])
            let entry = try #require(list.first)
            #expect(entry["number"] as? Int == 2)
            #expect(entry["connection"] as? Int == 2)
            #expect(entry["kind"] as? String == "create")
            #expect((entry["time"] as? String)?.hasSuffix("Z") == true)
            #expect(entry["method"] as? String == "POST")
            #expect(entry["path"] as? String == createPath)
            #expect(entry["token"] as? String == "demo#1")
            #expect(entry["status"] as? Int == 200)
            #expect(entry["applied"] as? Bool == true)
            #expect(entry["responseBody"] as? String == created.body)
            #expect((entry["requestBody"] as? String)?.contains("Test Shop") == true)
            #expect(
                entry["correlationId"] as? String == created.headers["inin-correlation-id"])
            #expect(answer.json["count"] as? Int == 2)
        }
    }

    @Test func faultsArePlannedShownAndDeletedOverHTTP() async throws {
        try await withSandbox { sandbox in
            let planned = try await sandbox.call(
                "POST", "/sandbox/faults",
                body:
                    #"[{"on": "create", "do": "reset", "applied": true, "skip": 3}, {"do": "half"}]"#
            )
            #expect(planned.status == 200)
            #expect(
                await sandbox.faults() == [
                    .init(on: .create, do: .reset, applied: true, skip: 3), .init(do: .half),
                ])
            let shown = try await sandbox.call("GET", "/sandbox/faults")
            let faults = try #require(shown.json["faults"] as? [[String: Any]])
            #expect(faults.map { $0["do"] as? String } == ["reset", "half"])
            #expect(try await sandbox.call("DELETE", "/sandbox/faults").status == 200)
            #expect(await sandbox.faults().isEmpty)
        }
    }

    @Test(arguments: [
        (#"{"do": "explode"}"#, "do"), (#"{"on": "create"}"#, "do"),
        (#"{"do": "reset", "aplied": true}"#, "aplied"),
        (#"{"do": "stall", "on": "now"}"#, "on"), (#"[{"do": "reset", "times": -1}]"#, "0.do"),
        (#"{"do": "reset", "chance": 1.1}"#, "do"), (#"{"do": "reset", "skip": -1}"#, "do"),
        ("nonsense", ""),
    ])
    func aFaultThatDoesNotFitIsRefusedByName(body: String, field: String) async throws {
        try await withSandbox { sandbox in
            let answer = try await sandbox.call("POST", "/sandbox/faults", body: body)
            #expect(answer.status == 400)
            #expect((answer.json["error"] as? String)?.hasPrefix(field) == true)
            #expect(await sandbox.faults().isEmpty)
        }
    }

    @Test func settingsThatAreNotGivenStay() async throws {
        try await withSandbox { sandbox in
            let before = await sandbox.settings()
            let answer = try await sandbox.call(
                "POST", "/sandbox/settings",
                body: #"{"purpose": "external", "tokenLifetime": 300}"#)
            #expect(answer.status == 200)
            #expect(answer.json["purpose"] as? String == "external")
            var expected = before
            expected.purpose = .external
            expected.tokenLifetime = 300
            #expect(await sandbox.settings() == expected)
            let wrong = try await sandbox.call(
                "POST", "/sandbox/settings", body: #"{"purpos": "customer"}"#)
            #expect(wrong.status == 400)
            #expect(wrong.json["error"] as? String == "purpos: unknown member")
        }
    }

    @Test func agentsAndTheLongestWaitAreSettings() async throws {
        try await withSandbox { sandbox in
            let body = """
                {"agents": [{"id": "a", "name": "Ada"}], "endsAfterSeconds": 9, \
                "channelLifetime": 5, "heartbeatSeconds": 1}
                """
            _ = try await sandbox.call("POST", "/sandbox/settings", body: body)
            let settings = await sandbox.settings()
            #expect(settings.agents == [.init(id: "a", name: "Ada")])
            #expect(settings.endsAfterSeconds == 9)
            #expect(settings.channelLifetime == 5 && settings.heartbeatSeconds == 1)
            _ = try await sandbox.call(
                "POST", "/sandbox/settings", body: #"{"endsAfterSeconds": null}"#)
            #expect(await sandbox.settings().endsAfterSeconds == nil)
        }
    }

    @Test func deletingTheSandboxForgetsAll() async throws {
        let options = Sandbox.Options()
        try await withSandbox(options) { sandbox in
            let token = try await sandbox.token()
            #expect(try await sandbox.create(token: token).status == 200)
            await sandbox.plan(.init(do: .half))
            await sandbox.change { $0.purpose = .external }
            await sandbox.allow(nil)
            #expect(try await sandbox.call("DELETE", "/sandbox").status == 200)
            #expect(await sandbox.conversations().isEmpty)
            #expect(await sandbox.journal().isEmpty)
            #expect(await sandbox.faults().isEmpty)
            #expect(await sandbox.settings() == options.settings)
            #expect(try await sandbox.create(token: token).status == 401)
            let again = try await sandbox.create(token: try await sandbox.token())
            #expect(again.headers["inin-ratelimit-allowed"] == "300")
        }
    }

    @Test func theIndexListsWhatThereIs() async throws {
        try await withSandbox { sandbox in
            let page = try await sandbox.call("GET", "/")
            #expect(page.status == 200)
            #expect(page.body.contains("/sandbox/journal"))
            #expect(page.body.contains("<code>lookUp</code>"))
            #expect(try await sandbox.call("GET", "/sandbox/nothing").status == 404)
        }
    }
}
