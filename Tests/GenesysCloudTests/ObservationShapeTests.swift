import ExactJSON
import Foundation
import Outbox
import Sandbox
import TestSupport
import Testing

@testable import GenesysCloud

/// The three shapes of one conversation of the sandbox mean the same.
@Suite(.timeLimit(.minutes(15)))
struct ObservationShapeTests {
    static let sam = "5a6b0c1e-0000-4000-8000-000000000001"
    static let billing = "3f6a0c1e-0000-4000-8000-000000000003"
    static let resolved = "7c8d0c1e-0000-4000-8000-000000000001"

    @Test func meanTheSameOnTheWholeWayOfAConversation() async throws {
        try await Bench.with { bench in
            let id = try await bench.delivered(1)
            try await bench.expect(id, .waiting, queue: "Shop Support")
            try await bench.sandbox.offer(id, to: Self.sam)
            try await bench.expect(id, .alerting, agent: "Sam Carter", queue: "Shop Support")
            try await bench.sandbox.letRing(id)
            try await bench.expect(id, .waiting, queue: "Shop Support")
            try await bench.sandbox.offer(id, to: Self.sam)
            try await bench.agent(id, ["state": "connected"])
            try await bench.expect(
                id, .withAgent, agent: "Sam Carter", queue: "Shop Support", wasAccepted: true)
            try await bench.agent(id, ["held": true])
            try await bench.expect(
                id, .withAgent, agent: "Sam Carter", queue: "Shop Support", wasAccepted: true)
            try await bench.agent(
                id,
                [
                    "state": "disconnected",
                    "wrapup": ["code": .string(Self.resolved), "name": "x", "notes": "done"],
                ])
            let seen = try await bench.expect(
                id, .ended, agent: "Sam Carter", queue: "Shop Support", wasAccepted: true,
                end: .agent)
            #expect(seen.allSatisfy { $0.wrapUp?.code == Self.resolved })
            #expect(seen.allSatisfy { $0.wrapUp?.notes == "done" })
        }
    }

    @Test func followATransferToAnotherQueue() async throws {
        try await Bench.with { bench in
            await bench.sandbox.change {
                $0.clients[0].permissions.append("conversation:communication:blindTransfer")
            }
            let id = try await bench.delivered(1)
            try await bench.sandbox.offer(id, to: Self.sam)
            try await bench.agent(id, ["state": "connected"])
            try await bench.agent(
                id, ["transferType": "Unattended", "queueId": .string(Self.billing)],
                at: "/replace", method: "POST")
            try await bench.expect(
                id, .waiting, agent: "Sam Carter", queue: "Billing", wasAccepted: true)
            try await bench.sandbox.end(id)
            try await bench.expect(
                id, .ended, agent: "Sam Carter", queue: "Billing", wasAccepted: true, end: .system)
        }
    }

    @Test func knowWhatTheBridgeItselfEnded() async throws {
        try await Bench.with { bench in
            let id = try await bench.delivered(1)
            _ = try await bench.client.call(
                .conversation, "PATCH", "/api/v2/conversations/emails/\(id)",
                ["state": "disconnected"])
            try await bench.expect(id, .ended, queue: "Shop Support", end: .customer)
        }
    }

    @Test func findTheMarkerAndTheNewestTime() async throws {
        try await Bench.with { bench in
            let id = try await bench.delivered(1)
            bench.genesys.advance(by: .seconds(7))
            try await bench.sandbox.offer(id, to: Self.sam)
            for snapshot in try await bench.snapshots(id) {
                #expect(snapshot.newest == bench.genesys.now)
            }
            let shown = try await bench.snapshots(id)
            #expect(shown[0].marker(of: Bench.provider) == bench.entry(1).id)
            #expect(shown[1].marker(of: Bench.provider) == bench.entry(1).id)
            #expect(shown[0].marker(of: "other") == nil)
        }
    }
}

extension Bench {
    /// By `GET /conversations/emails/{id}`, `GET /conversations/{id}` and the analytics.
    fileprivate func snapshots(_ id: String) async throws -> [ConversationSnapshot] {
        func read(_ path: String) async throws -> JSON {
            try #require(try await client.call(.follow, "GET", "/api/v2/" + path).body)
        }
        let details = try await read("analytics/conversations/details?id=\(id)")
        return [
            ConversationSnapshot(email: try await read("conversations/emails/\(id)")),
            ConversationSnapshot(general: try await read("conversations/\(id)")),
            (details["conversations"]?.array?.first).flatMap(ConversationSnapshot.init(analytics:)),
        ].compactMap { $0 }
    }

    @discardableResult
    fileprivate func expect(
        _ id: String, _ stage: ConversationStage, agent: String? = nil, queue: String? = nil,
        wasAccepted: Bool = false, end: ConversationEnd? = nil,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> [Observation] {
        let seen = try await snapshots(id).compactMap { Observation($0, provider: Self.provider) }
        #expect(seen.count == 3, sourceLocation: location)
        for (number, observation) in seen.enumerated() {
            var observation = observation
            observation.wrapUp = nil
            #expect(observation.agent?.name == agent, "shape \(number)", sourceLocation: location)
            #expect(observation.queue?.name == queue, "shape \(number)", sourceLocation: location)
            #expect(observation.stage == stage, "shape \(number)", sourceLocation: location)
            #expect(
                observation.wasAccepted == wasAccepted, "shape \(number)",
                sourceLocation: location)
            #expect(observation.end == end, "shape \(number)", sourceLocation: location)
        }
        return seen
    }

    /// Sam changes their side of a conversation.
    func agent(
        _ id: String, _ body: JSON, at place: String = "", method: String = "PATCH"
    ) async throws {
        genesys.advance(by: .milliseconds(100))
        let sides = try await client.call(.follow, "GET", "/api/v2/conversations/emails/\(id)")
            .body?["participants"]?.array
        let side = sides?.last { $0["purpose"]?.string == "agent" }?["id"]?.string
        let answer = try await client.call(
            .agent, method,
            "/api/v2/conversations/emails/\(id)/participants/\(side ?? "")\(place)", body)
        try #require((200..<300).contains(answer.status), "\(answer.complaint)")
    }
}
