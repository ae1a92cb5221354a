import Foundation
import Sandbox
import Testing

@Suite("Changes of a conversation", .timeLimit(.minutes(15)))
struct ChangeTests {
    private func withConversation(
        _ body: (Sandbox, String, Created) async throws -> Void
    ) async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            try await body(sandbox, token, try await sandbox.created(token: token))
        }
    }

    @Test(arguments: ConversationCall.changes)
    func eachIsAnsweredAsDocumented(call: ConversationCall) async throws {
        try await withConversation { sandbox, token, conversation in
            let before = try await sandbox.onlyConversation()
            let answer = try await sandbox.call(call, on: conversation, token: token)
            #expect(answer.status == call.status)
            #expect(try await sandbox.onlyConversation() != before)
        }
    }

    @Test(arguments: ConversationCall.changes)
    func noneIsMadeOfAConversationThatIsNotThere(call: ConversationCall) async throws {
        try await withConversation { sandbox, token, conversation in
            let path = conversation.path(call.path)
                .replacing(conversation.id, with: UUID().uuidString.lowercased())
            let answer = try await sandbox.call(call.method, path, token: token, body: call.body)
            #expect(answer.status == 404)
            #expect(answer.code == "conversation.error.conversation.not.found")
        }
    }

    @Test(arguments: [
        (0, "conversation:externalTag:edit"), (1, "conversation:communication:disconnect"),
        (2, "conversation:communication:disconnect"),
    ])
    func eachNeedsItsPermission(index: Int, permission: String) async throws {
        try await withConversation { sandbox, token, conversation in
            await sandbox.change { $0.clients[0].permissions.removeAll { $0 == permission } }
            let call = ConversationCall.changes[index]
            let answer = try await sandbox.call(call, on: conversation, token: token)
            #expect(answer.status == 403)
            #expect(answer.message?.hasSuffix(permission) == true)
        }
    }

    @Test func aTagIsShown() async throws {
        try await withConversation { sandbox, token, conversation in
            let tag = ConversationCall.changes[0]
            let answer = try await sandbox.call(tag, on: conversation, token: token)
            #expect(answer.body.isEmpty)
            let read = try await sandbox.call("GET", conversation.path("/{id}"), token: token)
            #expect(read.json["externalTag"] as? String == "tag-1")
            #expect(try await sandbox.onlyConversation().externalTag == "tag-1")
            for body in ["{}", #"{"externalTag": null}"#, #"{"externalTag": "a", "b": 1}"#] {
                let path = conversation.path("/{id}/tags")
                let wrong = try await sandbox.call("PUT", path, token: token, body: body)
                #expect(wrong.status == 400)
            }
        }
    }

    @Test(arguments: [1, 2])
    func anEndedConversationHasAnEndTimeInBothShapes(index: Int) async throws {
        try await withConversation { sandbox, token, conversation in
            let end = ConversationCall.changes[index]
            #expect(
                try await sandbox.call(end, on: conversation, token: token).status == end.status)
            let general = try await sandbox.call("GET", conversation.path("/{id}"), token: token)
            let time = try #require(general.json["endTime"] as? String)
            let email = try await sandbox.call(
                "GET", conversation.path("/emails/{id}"), token: token)
            let participants = try #require(email.json["participants"] as? [[String: Any]])
            #expect(participants.map { $0["endTime"] as? String } == [time, time])
            #expect(participants.allSatisfy { $0["state"] as? String == "disconnected" })
            let listed = try await sandbox.onlyConversation()
            #expect(listed.state == .ended)
            #expect(listed.endedAt == time)
        }
    }

    @Test(arguments: ["{}", #"{"state": "connected"}"#, "", "[]"])
    func anythingButDisconnectedEndsNothing(body: String) async throws {
        try await withConversation { sandbox, token, conversation in
            let answer = try await sandbox.call(
                "PATCH", conversation.path("/emails/{id}"), token: token, body: body)
            #expect(answer.status == 400)
            #expect(answer.message == "An empty list of conversations is invalid.")
            #expect(try await sandbox.onlyConversation().state == .queued)
        }
    }

    @Test(arguments: ["/{id}/participants/{pid}/attributes"], [false, true])
    func attributesAreMergedUnlessTheSwitchReplacesThem(
        path: String, replaces: Bool
    ) async throws {
        try await withConversation { sandbox, token, conversation in
            await sandbox.change { $0.replacesAttributes = replaces }
            let body = #"{"attributes": {"new": "1"}}"#
            let bare = try await sandbox.call(
                "PATCH", conversation.path(path), token: token, body: body)
            #expect(bare.status == 202 && bare.body.isEmpty)
            let told = try await sandbox.call(
                "PATCH", conversation.path("/emails" + path), token: token, body: body)
            #expect(told.json["attributes"] as? [String: String] == ["new": "1"])
            #expect(
                try await sandbox.onlyConversation().attributes
                    == (replaces ? ["new": "1"] : ["new": "1", "order.number": "1042"]))
        }
    }

    @Test func attributesThatDoNotFitChangeNothing() async throws {
        try await withConversation { sandbox, token, conversation in
            let path = conversation.path("/emails/{id}/participants/{pid}/attributes")
            for body in ["{}", #"{"attributes": null}"#] {
                let answer = try await sandbox.call("PATCH", path, token: token, body: body)
                #expect(answer.status == 400)
                #expect(answer.code == "conversation.error.participant.attribute.null")
            }
            let long = String(repeating: "x", count: 257)
            for body in [#"{"attributes": {"a": 1}}"#, #"{"attributes": {"a": "\#(long)"}}"#] {
                let answer = try await sandbox.call("PATCH", path, token: token, body: body)
                #expect(answer.status == 400)
                #expect(answer.message?.hasPrefix("attributes.a: ") == true)
            }
            let other = path.replacing(conversation.participant, with: UUID().uuidString)
            let unknown = try await sandbox.call(
                "PATCH", other, token: token, body: #"{"attributes": {"a": "1"}}"#)
            #expect(unknown.status == 404)
            #expect(unknown.code == "conversation.error.not.conversation.participant")
            #expect(
                try await sandbox.onlyConversation().attributes == ["order.number": "1042"])
        }
    }

    @Test func inboundMessagesAreCountedAndUpdateTheAttributes() async throws {
        try await withConversation { sandbox, token, conversation in
            let message = ConversationCall.changes[5]
            for count in 1...2 {
                let answer = try await sandbox.call(message, on: conversation, token: token)
                #expect(answer.json["id"] as? String == conversation.id)
                #expect(try await sandbox.onlyConversation().inboundMessages == count)
            }
            #expect(await sandbox.conversations().count == 1)
            #expect(
                try await sandbox.onlyConversation().attributes
                    == ["order.number": "1042", "new": "1"])
        }
    }

    @Test(arguments: [
        ("{}", "postino.error.notnull.createconversationrequest.provider"),
        (
            #"{"provider": "Test Shop", "queueId": "\#(demoQueue)", "flowId": "\#(demoFlow)"}"#,
            "too.many.external.email.parameters"
        ),
        (#"{"provider": "Test Shop", "queueId": "other"}"#, "email.error.invalid.queue"),
        (#"{"provider": "Test Shop", "flowId": "other"}"#, "bad.flow.id"),
        (#"{"provider": "Test Shop", "direction": "INBOUND"}"#, "bad.request"),
    ])
    func anInboundMessageThatDoesNotFitIsRefused(body: String, code: String) async throws {
        try await withConversation { sandbox, token, conversation in
            let path = conversation.path("/emails/{id}/inboundmessages")
            let answer = try await sandbox.call("POST", path, token: token, body: body)
            #expect(answer.status == 400)
            #expect(answer.code == code)
            #expect(try await sandbox.onlyConversation().inboundMessages == 0)
        }
    }

    @Test(arguments: [false, true])
    func anEndedConversationTakesNoMessageUnlessTheSwitchSaysSo(takes: Bool) async throws {
        try await withConversation { sandbox, token, conversation in
            await sandbox.change { $0.endedTakesFollowUps = takes }
            _ = try await sandbox.call(
                ConversationCall.changes[1], on: conversation, token: token)
            let answer = try await sandbox.call(
                ConversationCall.changes[5], on: conversation, token: token)
            let listed = try await sandbox.onlyConversation()
            if takes {
                #expect(answer.status == 200)
                #expect(listed.state == .queued && listed.endedAt == nil)
                let participants = answer.json["participants"] as? [[String: Any]]
                #expect(participants?.first?["state"] as? String == "connected")
            } else {
                #expect(answer.code == "conversation.error.conversation.not.found")
                #expect(listed.state == .ended && listed.inboundMessages == 0)
            }
        }
    }

    @Test(arguments: Sandbox.Conversation.AgentState.allCases)
    func anAgentIsShownInBothShapes(state: Sandbox.Conversation.AgentState) async throws {
        try await withConversation { sandbox, token, conversation in
            try await sandbox.setAgent(.alerting, on: conversation.id)
            let set = try await sandbox.call(
                "POST", "/sandbox/conversations/\(conversation.id)/agent",
                body: #"{"state": "\#(state.rawValue)"}"#)
            #expect(set.status == 200)
            let email = try await sandbox.call(
                "GET", conversation.path("/emails/{id}"), token: token)
            let flat = try #require(email.json["participants"] as? [[String: Any]])
            #expect(flat.map { $0["purpose"] as? String } == ["customer", "acd", "agent"])
            #expect(flat[2]["state"] as? String == state.rawValue)
            #expect((flat[2]["endTime"] != nil) == (state == .disconnected))
            let general = try await sandbox.call("GET", conversation.path("/{id}"), token: token)
            let deep = try #require(general.json["participants"] as? [[String: Any]])
            #expect(deep[2]["purpose"] as? String == "agent")
            let emails = try #require(deep[2]["emails"] as? [[String: Any]])
            #expect(emails[0]["state"] as? String == state.rawValue)
            #expect(try await sandbox.onlyConversation().agent == state)
        }
    }

    @Test func noAgentComesToAConversationThatIsNotThere() async throws {
        try await withSandbox { sandbox in
            await #expect(throws: Sandbox.UnknownConversation(id: "none")) {
                try await sandbox.setAgent(.alerting, on: "none")
            }
            let path = "/sandbox/conversations/none/agent"
            let body = #"{"state": "alerting"}"#
            #expect(try await sandbox.call("POST", path, body: body).status == 404)
            let wrong = try await sandbox.call("POST", path, body: #"{"state": "asleep"}"#)
            #expect(wrong.status == 400)
            #expect((wrong.json["error"] as? String)?.hasPrefix("state: ") == true)
        }
    }
}
