import ExactJSON
import GenesysCloud
import Outbox
import Sandbox
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct DoublesTests {
    @Test(arguments: [LookUpSource.analytics, .attributes])
    func keepsTheOlderAndEndsTheYounger(source: LookUpSource) async throws {
        try await Bench.with([source]) { bench in
            let (older, younger) = try await bench.doubled(2)
            #expect(
                await bench.look(for: 2)
                    == .found(
                        reference: older, note: "also as \(younger), which was disconnected"))
            #expect(await bench.states == [.queued, .ended])
            #expect(
                await bench.look(for: 2)
                    == .found(reference: older, note: "also as \(younger), which has ended"))
        }
    }

    @Test(arguments: [
        (Sandbox.Conversation.AgentState.alerting, false), (.connected, false), (.parked, false),
        (.disconnected, true),
    ])
    func leavesWhatAnAgentHas(agent: Sandbox.Conversation.AgentState, ends: Bool) async throws {
        try await Bench.with { bench in
            let (older, younger) = try await bench.doubled(2)
            try await bench.sandbox.setAgent(agent, on: younger)
            let sighting = await bench.look(for: 2)
            #expect(sighting.reference == older)
            #expect(sighting.says(younger))
            #expect(sighting.says("an agent has: left") == !ends)
            #expect(await bench.states == [.queued, ends ? .ended : .queued])
        }
    }

    @Test func findsASecondOneOfADeliveredEntry() async throws {
        try await Bench.with { bench in
            let (older, younger) = try await bench.doubled(2)
            let sighting = await bench.look(for: 2, .delivered, reference: younger)
            #expect(sighting.reference == older)
            #expect(await bench.states == [.queued, .ended])
        }
    }

    @Test func takesAKnownOneThatIsNotShownYetForTheYounger() async throws {
        try await Bench.with { bench in
            try await bench.doubted(2)
            let older = try await bench.conversation(of: 2).id
            bench.genesys.advance(by: .seconds(60))
            await bench.sandbox.change { $0.analyticsLag = 30 }
            let younger = try await bench.delivered(2)
            let sighting = await bench.look(for: 2, .delivered, reference: younger)
            #expect(
                sighting
                    == .found(
                        reference: older, note: "also as \(younger), which was disconnected"))
        }
    }

    @Test(arguments: [
        "conversation:communication:view", "conversation:communication:disconnect",
    ])
    func isFoundAllTheSameWhereTheYoungerCannotBeEnded(permission: String) async throws {
        try await Bench.with { bench in
            let (older, _) = try await bench.doubled(2)
            await bench.forbid(permission)
            let sighting = await bench.look(for: 2)
            #expect(sighting.reference == older)
            #expect(sighting.says("could not be disconnected (403"))
            #expect(await bench.states == [.queued, .queued])
        }
    }

    @Test func leavesWhatNoLongerBearsTheMarker() async throws {
        try await Bench.with { bench in
            let (_, younger) = try await bench.doubled(2)
            await bench.sandbox.change { $0.replacesAttributes = true }
            try await bench.replaceAttributes(of: younger)
            #expect(await bench.look(for: 2).says("no longer bears the marker: left"))
            #expect(await bench.states == [.queued, .queued])
        }
    }
}

extension Bench {
    /// Creates two conversations for one entry.
    fileprivate func doubled(_ number: Int64) async throws -> (older: String, younger: String) {
        (try await delivered(number), try await delivered(number))
    }

    fileprivate var states: [Sandbox.Conversation.State] {
        get async { await sandbox.conversations().map(\.state) }
    }

    fileprivate func replaceAttributes(of id: String) async throws {
        let path = "/api/v2/conversations/\(id)"
        let body = try await client.call(.conversation, "GET", path).body
        let participant = body?["participants"]?.array?.first?["id"]?.string ?? ""
        _ = try await client.call(
            .conversation, "PATCH", path + "/participants/\(participant)/attributes",
            ["attributes": ["other": "1"]])
    }
}
