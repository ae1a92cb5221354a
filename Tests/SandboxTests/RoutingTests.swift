import Foundation
import Sandbox
import Testing

@Suite("Routing", .timeLimit(.minutes(15)))
struct RoutingTests {
    private func post(
        _ desk: Desk, _ verb: String, _ body: String? = nil
    ) async throws -> ReceivedAnswer {
        try await desk.sandbox.call(
            "POST", "/sandbox/conversations/\(desk.conversation.id)/\(verb)", body: body)
    }

    @Test func onlyWhatWaitsIsOffered() async throws {
        try await Desk.with { desk in
            let body = #"{"agent": "\#(sam)"}"#
            let offered = try await post(desk, "offer", body)
            #expect(offered.status == 200)
            #expect(offered.json["agent"] as? String == "alerting")
            #expect(offered.json["agentParticipantId"] != nil)
            #expect(try await post(desk, "offer", body).status == 409)
            #expect(try await post(desk, "end").status == 200)
            #expect(try await post(desk, "offer", body).status == 409)
            #expect(try await post(desk, "no-answer").status == 409)
            #expect(try await post(desk, "offer", #"{"agent": "none"}"#).status == 404)
            #expect(try await post(desk, "offer", "{}").status == 400)
            #expect(try await post(desk, "praise").status == 404)
            let path = "/sandbox/conversations/none/offer"
            #expect(try await desk.sandbox.call("POST", path, body: body).status == 404)
        }
    }

    @Test func aFlowTakesItToAQueue() async throws {
        try await Desk.with { desk in
            let flow = try await desk.sandbox.created(token: desk.client) {
                $0["queueId"] = nil
                $0["flowId"] = demoFlow
            }
            let path = "/sandbox/conversations/\(flow.id)"
            let early = try await desk.sandbox.call(
                "POST", "\(path)/offer", body: #"{"agent": "\#(sam)"}"#)
            #expect(early.status == 409)
            let body = #"{"queue": "\#(demoBilling)"}"#
            let routed = try await desk.sandbox.call("POST", "\(path)/queue", body: body)
            #expect(routed.status == 200)
            #expect(routed.json["state"] as? String == "queued")
            #expect(routed.json["queueId"] as? String == demoBilling)
            #expect(routed.json["flowId"] as? String == demoFlow)
            #expect(try await desk.sandbox.offer(flow.id, to: sam).agent == .alerting)
            let twice = try await desk.sandbox.call("POST", "\(path)/queue", body: body)
            #expect(twice.status == 409)
            await #expect(throws: Sandbox.Refusal.unknown("no queue none")) {
                try await desk.sandbox.route(flow.id, to: "none")
            }
        }
    }

    @Test func theSystemEndsItForAll() async throws {
        try await Desk.with { desk in
            _ = try await desk.accepted()
            #expect(try await post(desk, "end", #"{"disconnectType": "nothing"}"#).status == 400)
            let ended = try await post(desk, "end", #"{"disconnectType": "system"}"#)
            #expect(ended.json["disconnectType"] as? String == "system")
            #expect(
                try await desk.sides()
                    == [
                        "customer disconnected system", "acd disconnected transfer",
                        "agent disconnected system",
                    ])
            let again = try await post(desk, "end", #"{"disconnectType": "spam"}"#)
            #expect(again.json["disconnectType"] as? String == "system")
        }
    }

    @Test func whatNoAgentAcceptsInTimeEndsByItself() async throws {
        let clock = ManualClock()
        try await Desk.with(.at(clock)) { desk in
            await desk.sandbox.change { $0.endsAfterSeconds = 60 }
            clock.move(by: 30)
            let later = try await desk.sandbox.created(token: desk.client)
            clock.move(by: 30)
            _ = try await desk.sandbox.call(
                "GET", "/api/v2/organizations/me", token: desk.client)
            let states = await desk.sandbox.conversations().map(\.state)
            #expect(states == [.ended, .queued])
            #expect(try await desk.listed.disconnectType == .system)
            try await desk.sandbox.offer(later.id, to: sam)
            let participant = try #require(
                await desk.sandbox.conversations().last?.agentParticipantId)
            let path = later.path("/emails/{id}/participants/\(participant)")
            _ = try await desk.sandbox.call(
                "PATCH", path, token: desk.sam, body: #"{"state": "connected"}"#)
            clock.move(by: 3600)
            let read = try await desk.sandbox.call(
                "GET", later.path("/{id}"), token: desk.client)
            #expect(read.json["endTime"] == nil)
        }
    }
}
