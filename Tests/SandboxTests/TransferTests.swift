import Foundation
import Sandbox
import Testing

@Suite("Transfers", .timeLimit(.minutes(15)))
struct TransferTests {
    /// Each way to name a destination, with the path that takes it.
    static let paths = [(false, "replace"), (true, "replace")]

    @Test(arguments: paths + [(true, "replace/queue")])
    func aQueueTakesOver(general: Bool, path: String) async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            let answer = try await desk.call(
                "POST", participant, path, #"{"queueId": "\#(demoBilling)"}"#, general: general)
            #expect(answer.status == 202 && answer.body.isEmpty)
            #expect(
                try await desk.sides()
                    == [
                        "customer connected", "acd disconnected transfer",
                        "agent disconnected transfer", "acd connected",
                    ])
            let deep = try await desk.generalParticipants()
            #expect(deep[3]["queueId"] as? String == demoBilling)
            #expect(deep[3]["queueName"] as? String == "Billing")
            #expect(deep[1]["queueId"] as? String == demoQueue)
            #expect(try await desk.listed.queueId == demoBilling)
            #expect(try await desk.participants()[2]["startAcwTime"] != nil)
            #expect(try await desk.listed.endedAt == nil)
        }
    }

    @Test(arguments: paths + [(true, "replace/agent")])
    func anAgentTakesOver(general: Bool, path: String) async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            let answer = try await desk.call(
                "POST", participant, path,
                #"{"userId": "\#(robin)", "transferType": "Unattended"}"#, general: general)
            #expect(answer.status == 202)
            let listed = try await desk.listed
            #expect(listed.agentId == robin && listed.agent == .alerting)
            let next = try #require(listed.agentParticipantId)
            let accepted = try await desk.patch(
                next, #"{"state": "connected"}"#, token: desk.robin)
            #expect(accepted.status == 202)
            #expect(
                try await desk.sides()
                    == [
                        "customer connected", "acd disconnected transfer",
                        "agent disconnected transfer", "agent connected",
                    ])
        }
    }

    @Test func oneThatTheNextAgentDoesNotTakeWaitsInItsQueue() async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            _ = try await desk.call(
                "POST", participant, "replace", #"{"userId": "\#(robin)"}"#)
            try await desk.sandbox.letRing(desk.conversation.id)
            #expect(
                try await desk.sides().suffix(2)
                    == ["agent disconnected transfer.noanswer", "acd connected"])
        }
    }

    @Test(arguments: [
        ("{}", "conversations.error.transfer.destination.required"),
        (
            #"{"queueId": "\#(demoQueue)", "userId": "\#(robin)"}"#,
            "conversations.error.transfer.destination.required"
        ),
        (#"{"queueId": "none"}"#, "conversations.error.queue.not.found"),
        (#"{"userId": "\#(sam)"}"#, "conversations.error.transfer.same.party"),
        (#"{"userId": "none"}"#, "bad.request"), (#"{"address": "a@b.c"}"#, "bad.request"),
        (
            #"{"userId": "\#(robin)", "voicemail": true}"#,
            "conversations.error.transfer.userCall.voicemail"
        ),
        (#"{"userId": "\#(robin)", "transferType": "Attended"}"#, "invalid.value"),
    ])
    func oneThatDoesNotFitChangesNothing(body: String, code: String) async throws {
        try await Desk.with { desk in
            let participant = try await desk.accepted()
            let answer = try await desk.call("POST", participant, "replace", body)
            #expect(answer.status == 400)
            #expect(answer.code == code)
            #expect(try await desk.participants().count == 3)
        }
    }

    @Test func onlyAConnectedSideOfOursIsReplaced() async throws {
        try await Desk.with { desk in
            await desk.sandbox.change {
                $0.clients[0].permissions.append("conversation:communication:blindTransfer")
            }
            let body = #"{"queueId": "\#(demoBilling)"}"#
            let external = try await desk.call(
                "POST", desk.conversation.participant, "replace", body, token: desk.client)
            #expect(external.code == "postino.error.transfer.replace.external")
            let alerting = try await desk.call(
                "POST", try await desk.offer(), "replace", body, token: desk.client)
            #expect(alerting.code == "postino.error.transfer.not.connected")
        }
    }

    @Test(arguments: [
        ("replace/queue", "userId", robin), ("replace/agent", "queueId", demoBilling),
    ])
    func eachOfTheNewPathsTakesItsOwnDestination(
        path: String, member: String, value: String
    ) async throws {
        try await Desk.with { desk in
            let answer = try await desk.call(
                "POST", try await desk.accepted(), path, #"{"\#(member)": "\#(value)"}"#,
                general: true)
            #expect(answer.code == "conversations.error.transfer.destination.required")
        }
    }
}
