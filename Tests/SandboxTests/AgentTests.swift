import Foundation
import Sandbox
import Testing

@Suite("Agents", .timeLimit(.minutes(15)))
struct AgentTests {
    @Test func waitsUntilItIsOfferedAndAlertsUntilItIsAccepted() async throws {
        try await Desk.with { desk in
            #expect(try await desk.sides() == ["customer connected", "acd connected"])
            let participant = try await desk.offer()
            #expect(
                try await desk.sides()
                    == ["customer connected", "acd connected", "agent alerting"])
            let alerting = try await desk.participants()[2]
            #expect(alerting["id"] as? String == participant)
            #expect(alerting["startAlertingTime"] != nil && alerting["connectedTime"] == nil)
            #expect((alerting["user"] as? [String: Any])?["id"] as? String == sam)
            #expect((alerting["queue"] as? [String: Any])?["id"] as? String == demoQueue)

            let answer = try await desk.patch(participant, #"{"state": "connected"}"#)
            #expect(answer.status == 202 && answer.body.isEmpty)
            #expect(
                try await desk.sides()
                    == [
                        "customer connected", "acd disconnected transfer", "agent connected",
                    ])
            #expect(try await desk.participants()[2]["connectedTime"] != nil)
            let deep = try await desk.generalParticipants()
            #expect(deep[2]["userId"] as? String == sam)
            let emails = try #require(deep[2]["emails"] as? [[String: Any]])
            #expect(emails[0]["initialState"] as? String == "alerting")
            let customer = try #require(deep[0]["emails"] as? [[String: Any]])
            #expect(customer[0]["peerId"] as? String == emails[0]["id"] as? String)
            let listed = try await desk.listed
            #expect(listed.agent == .connected && listed.agentId == sam)
            #expect(listed.state == .queued)
        }
    }

    @Test(arguments: [false, true])
    func onlyAnAlertIsAnswered(general: Bool) async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            for _ in 1...2 {
                let again = try await desk.patch(
                    participant, #"{"state": "connected"}"#, general: general)
                #expect(again.status == 400)
                #expect(again.code == "postino.error.answer.not.alerting")
                try await desk.sandbox.end(desk.conversation.id)
            }
        }
    }

    @Test func anAlertThatNobodyAnswersLeavesItInItsQueue() async throws {
        try await Desk.with { desk in
            _ = try await desk.offer()
            let answer = try await desk.sandbox.call(
                "POST", "/sandbox/conversations/\(desk.conversation.id)/no-answer")
            #expect(answer.status == 200)
            #expect(answer.json["agent"] as? String == "disconnected")
            let participant = try await desk.offer(robin)
            let declined = try await desk.patch(
                participant, #"{"state": "disconnected"}"#, token: desk.robin)
            #expect(declined.status == 202)
            let ended = "agent disconnected transfer.noanswer"
            #expect(
                try await desk.sides() == ["customer connected", "acd connected", ended, ended])
            #expect(try await desk.participants()[3]["startAcwTime"] == nil)
            #expect(try await desk.listed.endedAt == nil)
        }
    }

    @Test func holdsAndTakesUpAgain() async throws {
        try await Desk.with { desk in
            let participant = try await desk.offer()
            let early = try await desk.patch(participant, #"{"held": true}"#, general: true)
            #expect(early.code == "conversation.error.hold.alerting")
            _ = try await desk.patch(participant, #"{"state": "connected"}"#)
            #expect(try await desk.patch(participant, #"{"held": true}"#).status == 202)
            let held = try await desk.participants()[2]
            #expect(held["held"] as? Bool == true && held["startHoldTime"] != nil)
            #expect(try await desk.patch(participant, #"{"held": false}"#).status == 202)
            let taken = try await desk.participants()[2]
            #expect(taken["held"] as? Bool == false && taken["startHoldTime"] == nil)
        }
    }

    @Test func parksAndTakesUpAgain() async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            let parked = try await desk.call(
                "PATCH", participant, "parkingstate",
                #"{"state": "parked", "resumeTime": "2030-01-01T00:00:00Z"}"#)
            #expect(parked.status == 204)
            let side = try await desk.participants()[2]
            #expect(side["state"] as? String == "parked" && side["parkTime"] != nil)
            #expect(side["resumeTime"] as? String == "2030-01-01T00:00:00Z")
            let twice = try await desk.call(
                "PATCH", participant, "parkingstate", #"{"state": "parked"}"#)
            #expect(twice.code == "conversation.error.participant.no.active.conversations")
            let wrong = try await desk.call(
                "PATCH", participant, "parkingstate", #"{"state": "PARKED"}"#)
            #expect(wrong.code == "invalid.value")
            let resumed = try await desk.call(
                "PATCH", participant, "parkingstate", #"{"state": "connected"}"#)
            #expect(resumed.status == 204)
            #expect(try await desk.listed.agent == .connected)
            #expect(try await desk.participants()[2]["parkTime"] == nil)
        }
    }

    @Test func anAgentWhoEndsItEndsItForTheCustomer() async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            let ended = try await desk.patch(participant, #"{"state": "disconnected"}"#)
            #expect(ended.status == 202)
            #expect(
                try await desk.sides()
                    == [
                        "customer disconnected peer", "acd disconnected transfer",
                        "agent disconnected client",
                    ])
            let listed = try await desk.listed
            #expect(listed.state == .ended && listed.disconnectType == .peer)
            let again = try await desk.patch(participant, #"{"state": "disconnected"}"#)
            #expect(again.code == "conversation.error.participant.no.active.conversations")
        }
    }

    @Test func aClientMayEndItForEverybody() async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            let customer = try await desk.patch(
                desk.conversation.participant, #"{"state": "disconnected"}"#, token: desk.client)
            #expect(customer.status == 202)
            #expect(
                try await desk.sides()
                    == [
                        "customer disconnected client", "acd disconnected transfer",
                        "agent disconnected peer",
                    ])
            let work = try await desk.participants()[2]
            #expect(work["id"] as? String == participant && work["startAcwTime"] != nil)
        }
    }

    @Test func nobodyChangesAnothersSide() async throws {
        try await Desk.with { desk in
            let participant = try await desk.offer()
            let forbidden = "conversation.error.forbidden.not.active.participant"
            for side in [participant, desk.conversation.participant] {
                let answer = try await desk.patch(
                    side, #"{"state": "disconnected"}"#, token: desk.robin)
                #expect(answer.status == 403 && answer.code == forbidden)
            }
            let replaced = try await desk.call(
                "POST", participant, "replace", #"{"userId": "\#(robin)"}"#, token: desk.robin)
            #expect(replaced.code == forbidden)
            #expect(
                try await desk.patch(
                    participant, #"{"state": "connected"}"#, token: desk.client
                ).status == 202)
        }
    }

    @Test(arguments: [1, 2])
    func anAgentEndsForAllOnlyWhatTheyHave(index: Int) async throws {
        try await Desk.with { desk in
            _ = try await desk.accepted()
            let end = ConversationCall.changes[index]
            let other = try await desk.sandbox.call(
                end, on: desk.conversation, token: desk.robin)
            #expect(other.status == 403)
            #expect(try await desk.listed.state == .queued)
            let own = try await desk.sandbox.call(end, on: desk.conversation, token: desk.sam)
            #expect(own.status == end.status)
            #expect(try await desk.listed.state == .ended)
        }
    }

    @Test func anAgentReadsWhatTheyHaveOrHad() async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            _ = try await desk.patch(participant, #"{"state": "disconnected"}"#)
            let path = desk.conversation.path("/emails/{id}")
            #expect(try await desk.sandbox.call("GET", path, token: desk.sam).status == 200)
            let other = try await desk.sandbox.call("GET", path, token: desk.robin)
            #expect(other.status == 403 && other.code == "not.authorized")
        }
    }

    @Test(arguments: [
        ("{}", "bad.request"), (#"{"state": "parked"}"#, "invalid.value"),
        (#"{"muted": true}"#, "bad.request"), (#"{"held": "yes"}"#, "bad.request"),
        (#"{"resumeTime": "2030-01-01T00:00:00Z"}"#, "bad.request"),
        (#"{"state": "connected", "wrapup": {"code": "none"}}"#, "bad.request"),
    ])
    func aChangeThatDoesNotFitChangesNothing(body: String, code: String) async throws {
        try await Desk.with { desk in
            let participant = try await desk.offer()
            let answer = try await desk.patch(participant, body)
            #expect(answer.status == 400)
            #expect(answer.code == code)
            #expect(try await desk.listed.agent == .alerting)
        }
    }

    @Test func oneOfSeveralPermissionsIsNeeded() async throws {
        try await Desk.with { desk in
            let participant = try await desk.offer()
            await desk.sandbox.change { $0.agents[0].permissions = ["conversation:email:park"] }
            let general = try await desk.patch(
                participant, #"{"state": "connected"}"#, general: true)
            #expect(general.status == 403 && general.code == "missing.any.permissions")
            #expect(
                try await desk.patch(participant, #"{"state": "connected"}"#).status == 202)
        }
    }

    @Test func messagesJoinWhatAnAgentHas() async throws {
        try await Desk.with { desk in
            _ = try await desk.accepted()
            let answer = try await desk.sandbox.call(
                ConversationCall.changes[5], on: desk.conversation, token: desk.client)
            #expect(answer.status == 200)
            let participants = try #require(answer.json["participants"] as? [[String: Any]])
            #expect(participants.count == 3)
            let listed = try await desk.listed
            #expect(listed.attributes == ["order.number": "1042", "new": "1"])
            #expect(listed.agent == .connected)
            await desk.sandbox.change { $0.replacesAttributes = true }
            _ = try await desk.sandbox.call(
                ConversationCall.changes[5], on: desk.conversation, token: desk.client)
            #expect(try await desk.listed.attributes == ["new": "1"])
        }
    }
}
