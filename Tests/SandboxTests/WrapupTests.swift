import Foundation
import Sandbox
import Testing

@Suite("Wrap-up", .timeLimit(.minutes(15)))
struct WrapupTests {
    private static let code = #"{"wrapup": {"code": "\#(resolved)", "notes": "sent again"}}"#

    @Test(arguments: [false, true])
    func followsTheEndAndEndsTheAfterCallWork(general: Bool) async throws {
        let clock = ManualClock()
        try await Desk.with(.at(clock)) { desk in
            let participant = try await desk.accepted()
            _ = try await desk.patch(participant, #"{"state": "disconnected"}"#)
            var side = try await desk.participants()[2]
            #expect(side["wrapupRequired"] as? Bool == true)
            #expect(side["wrapupPrompt"] as? String == "mandatory")
            #expect(side["startAcwTime"] as? String == side["endTime"] as? String)
            #expect(side["endAcwTime"] == nil && side["wrapup"] == nil)
            clock.move(by: 60)
            let answer = try await desk.patch(participant, Self.code, general: general)
            #expect(answer.status == 202)
            side = try await desk.participants()[2]
            #expect(side["endAcwTime"] as? String == "2027-01-15T08:01:00.000Z")
            let wrapup = try #require(side["wrapup"] as? [String: Any])
            #expect(wrapup["code"] as? String == resolved)
            #expect(wrapup["name"] as? String == "Resolved")
            #expect(wrapup["notes"] as? String == "sent again")
            #expect(try await desk.listed.wrapupCode == resolved)
        }
    }

    @Test func comesWithTheEndInOneCall() async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            let answer = try await desk.patch(
                participant, #"{"state": "disconnected", "wrapup": {"code": "\#(resolved)"}}"#)
            #expect(answer.status == 202)
            let listed = try await desk.listed
            #expect(listed.state == .ended && listed.wrapupCode == resolved)
            let emails = try #require(
                try await desk.generalParticipants()[2]["emails"] as? [[String: Any]])
            let work = try #require(emails[0]["afterCallWork"] as? [String: Any])
            #expect(work["state"] as? String == "complete")
        }
    }

    @Test func beforeTheEndLeavesNoWorkAfterIt() async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            #expect(try await desk.patch(participant, Self.code).status == 202)
            _ = try await desk.patch(participant, #"{"state": "disconnected"}"#)
            #expect(try await desk.participants()[2]["startAcwTime"] == nil)
        }
    }

    @Test func isSetOnTheCommunicationAndReadBack() async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            let emails = try #require(
                try await desk.generalParticipants()[2]["emails"] as? [[String: Any]])
            let communication = try #require(emails[0]["id"] as? String)
            #expect(communication != participant)
            let path = "communications/\(communication)"
            let none = try await desk.call("GET", participant, "wrapup")
            #expect(none.status == 404)
            let wrong = try await desk.call("PATCH", participant, path, #"{"held": true}"#)
            #expect(wrong.code == "communication.state.required")
            let ended = try await desk.call(
                "PATCH", participant, path, #"{"state": "disconnected"}"#)
            #expect(ended.status == 200 && ended.body == "{}")
            let bare = try await desk.call("POST", participant, "\(path)/wrapup")
            #expect(bare.code == "conversation.error.wrapup.code.required")
            let set = try await desk.call(
                "POST", participant, "\(path)/wrapup", #"{"code": "\#(resolved)"}"#)
            #expect(set.status == 202 && set.body.isEmpty)
            for verb in ["wrapup", "\(path)/wrapup"] {
                let read = try await desk.call("GET", participant, verb)
                #expect(read.json["code"] as? String == resolved)
            }
            let other = "communications/\(participant)/wrapup"
            #expect(try await desk.call("GET", participant, other).status == 404)
        }
    }

    @Test func mayBeSkippedOrNotBeNeeded() async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            _ = try await desk.patch(participant, #"{"state": "disconnected"}"#)
            let skipped = try await desk.patch(participant, #"{"wrapupSkipped": true}"#)
            #expect(skipped.status == 202)
            let side = try await desk.participants()[2]
            #expect(side["wrapupSkipped"] as? Bool == true && side["endAcwTime"] != nil)
        }
        try await Desk.with { desk in
            await desk.sandbox.change { $0.wrapupRequired = false }
            let participant = try await desk.accepted()
            _ = try await desk.patch(participant, #"{"state": "disconnected"}"#)
            let side = try await desk.participants()[2]
            #expect(side["wrapupRequired"] as? Bool == false && side["startAcwTime"] == nil)
        }
    }

    @Test func aProvisionalCodeLeavesTheWorkOpen() async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            let code = #"{"wrapup": {"code": "\#(resolved)", "provisional": true}}"#
            #expect(try await desk.patch(participant, code).status == 202)
            _ = try await desk.patch(participant, #"{"state": "disconnected"}"#)
            let side = try await desk.participants()[2]
            #expect(side["startAcwTime"] != nil && side["endAcwTime"] == nil)
        }
    }

    @Test func needsAKnownCodeAndAnAgentWhoHadIt() async throws {
        try await Desk.with { desk in
            let alerting = try await desk.patch(try await desk.offer(), Self.code)
            #expect(
                alerting.code == "conversation.error.participant.no.active.conversations")
            try await desk.sandbox.letRing(desk.conversation.id)
            let participant = try await desk.accepted()
            for (wrapup, code) in [
                ("{}", "conversation.error.wrapup.code.required"),
                (#"{"code": ""}"#, "conversation.error.wrapup.code.required"),
                (#"{"code": "none"}"#, "bad.request"), (#"{"codes": []}"#, "bad.request"),
            ] {
                let answer = try await desk.patch(participant, #"{"wrapup": \#(wrapup)}"#)
                #expect(answer.status == 400)
                #expect(answer.code == code)
            }
            #expect(try await desk.listed.wrapupCode == nil)
        }
    }

    @Test func codesAreListedByParticipantAndByQueue() async throws {
        try await Desk.with { desk in
            let codes = try await desk.call("GET", try await desk.accepted(), "wrapupcodes")
            #expect(codes.status == 200)
            let list = try #require(
                try JSONSerialization.jsonObject(with: Data(codes.body.utf8))
                    as? [[String: Any]])
            #expect(
                list.map { $0["name"] as? String } == ["Resolved", "Follow-up Needed", "Spam"])
            let path = "/api/v2/routing/queues/\(demoBilling)/wrapupcodes"
            let page = try await desk.sandbox.call(
                "GET", "\(path)?pageSize=2&pageNumber=2", token: desk.client)
            let entities = try #require(page.json["entities"] as? [[String: Any]])
            #expect(entities.map { $0["name"] as? String } == ["Spam"])
            #expect(page.json["total"] as? Int == 3 && page.json["pageCount"] as? Int == 2)
            let none = try await desk.sandbox.call(
                "GET", "/api/v2/routing/queues/none/wrapupcodes", token: desk.client)
            #expect(none.code == "resource.not.found")
        }
    }
}
