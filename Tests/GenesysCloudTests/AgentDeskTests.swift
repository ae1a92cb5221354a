import CurlTransport
import ExactJSON
import Outbox
import Sandbox
import TestSupport
import Testing

@testable import GenesysCloud

@Suite(.timeLimit(.minutes(15)))
struct AgentDeskTests {
    static let sam = "5a6b0c1e-0000-4000-8000-000000000001"
    static let robin = "5a6b0c1e-0000-4000-8000-000000000002"
    static let resolved = WrapUp(
        code: "7c8d0c1e-0000-4000-8000-000000000001", name: "Resolved", notes: "sent again")

    @Test func endsTheConversationWithACode() async throws {
        try await Desk.with { desk in
            try await desk.accept()
            try await desk.finish(Self.resolved)
            let ended = await desk.conversation
            #expect(ended?.state == .ended)
            #expect(ended?.agent == .disconnected)
            #expect(ended?.wrapupCode == Self.resolved.code)
            let shown = try await desk.bench.observation(of: desk.id)
            #expect(shown?.end == .agent)
            #expect(shown?.wrapUp?.notes == "sent again")
            #expect(desk.bench.calls(.agent) == 4)
        }
    }

    @Test func needsNoCodeWhereNoneIsDemanded() async throws {
        try await Desk.with { desk in
            await desk.bench.sandbox.change { $0.wrapupRequired = false }
            try await desk.accept()
            try await desk.finish(nil)
            #expect(await desk.conversation?.state == .ended)
        }
    }

    @Test func endsNothingWithoutTheCodeThatIsDemanded() async throws {
        try await Desk.with { desk in
            await desk.bench.sandbox.change { $0.wrapupRequired = true }
            try await desk.accept()
            #expect(await desk.failure(nil) == .wrapUpRequired)
            #expect(await desk.conversation?.agent == .connected)
            try await desk.finish(Self.resolved)
        }
    }

    @Test func mayBeRepeatedAndGivesACodeAfterTheEnd() async throws {
        try await Desk.with { desk in
            try await desk.accept()
            await desk.bench.sandbox.plan(.init(on: .change, do: .reset, applied: true))
            guard case .unavailable = await desk.failure(Self.resolved) else {
                Issue.record("the answer was not lost")
                return
            }
            try await desk.finish(Self.resolved)
            #expect(await desk.failure(nil) == .ended)
            let other = WrapUp(code: "7c8d0c1e-0000-4000-8000-000000000002")
            try await desk.finish(other)
            #expect(await desk.conversation?.wrapupCode == other.code)
        }
    }

    @Test func isOnlyForWhoHasTakenIt() async throws {
        try await Desk.with { desk in
            // Whoever has no part in it may not even see it.
            guard case .notPermitted = await desk.failure(Self.resolved) else {
                Issue.record("an agent without a part was let in")
                return
            }
            try await desk.bench.sandbox.offer(desk.id, to: Self.sam)
            #expect(await desk.failure(Self.resolved) == .notAccepted)
            try await desk.bench.sandbox.letRing(desk.id)
            #expect(await desk.failure(Self.resolved) == .ended)
            #expect(
                await desk.failure(Self.resolved, in: "no-such-conversation") == .notParticipant)
            #expect(await desk.failure(Self.resolved, in: "../users/me") == .notParticipant)
            #expect(await desk.conversation?.state == .queued)
        }
    }

    @Test func changesNoOtherAgentsPart() async throws {
        try await Desk.with { desk in
            try await desk.accept()
            let token = try await desk.bench.sandbox.token(ofAgent: Self.robin)
            let robin = AgentAccess(agent: Agent(id: Self.robin), token: token)
            guard case .notPermitted = await desk.failure(Self.resolved, as: robin) else {
                Issue.record("another agent was let in")
                return
            }
            // Nor with a token that is not the agent's.
            let lie = AgentAccess(agent: Agent(id: Self.robin), token: desk.agent.token)
            #expect(await desk.failure(Self.resolved, as: lie) == .notParticipant)
            #expect(await desk.conversation?.agent == .connected)
        }
    }

    @Test func tellsWhyItCannot() async throws {
        try await Desk.with { desk in
            try await desk.accept()
            let nobody = AgentAccess(agent: desk.agent.agent, token: "expired")
            #expect(await desk.failure(Self.resolved, as: nobody) == .loggedOut)
            guard case .refused = await desk.failure(WrapUp(code: "no-such-code")) else {
                Issue.record("an unknown code was taken")
                return
            }
            for status in [429, 500, 503] {
                await desk.bench.sandbox.plan(.init(on: .read, do: .status, status: status))
                guard case .unavailable = await desk.failure(Self.resolved) else {
                    Issue.record("\(status) is not said to pass")
                    return
                }
            }
            await desk.bench.sandbox.change { $0.agents[0].permissions = [] }
            guard case .notPermitted = await desk.failure(Self.resolved) else {
                Issue.record("an agent without permissions was let in")
                return
            }
        }
    }

    @Test func followsAPartThroughATransferAndBack() async throws {
        try await Desk.with { desk in
            let sandbox = desk.bench.sandbox
            try await sandbox.offer(desk.id, to: Self.sam)
            #expect(try await desk.part().kind == .alerting)
            try await sandbox.letRing(desk.id)
            try await desk.accept()
            let part = try await desk.part()
            #expect(part.kind == .connected)
            #expect(part.queue?.id == (await sandbox.settings().queues[0].id))
            try await desk.change("PATCH", "parkingstate", ["state": "parked"])
            #expect(try await desk.part().kind == .connected)
            try await desk.change("PATCH", "parkingstate", ["state": "connected"])
            let queue = await sandbox.settings().queues[0].id
            try await desk.change("POST", "replace", ["queueId": .string(queue)])
            #expect(try await desk.part().kind == .ended)
            try await sandbox.offer(desk.id, to: Self.sam)
            desk.bench.genesys.advance(by: .seconds(1))
            #expect(try await desk.part().kind == .alerting)
            try await sandbox.letRing(desk.id)
            #expect(try await desk.part().kind == .ended)
            try await desk.accept()
            #expect(try await desk.part().kind == .connected)
            try await desk.finish(Self.resolved)
            let over = try await desk.part()
            #expect(over.kind == .ended)
            #expect(over.wrapUp?.code == Self.resolved.code)
            #expect(await desk.conversation?.state == .ended)
        }
    }

    @Test func letsOthersLookOnOnlyAsGenesysDoes() async throws {
        try await Desk.with { desk in
            try await desk.accept()
            let sandbox = desk.bench.sandbox
            let robin = AgentAccess(
                agent: Agent(id: Self.robin), token: try await sandbox.token(ofAgent: Self.robin))
            await sandbox.change { settings in
                for index in settings.agents.indices {
                    settings.agents[index].permissions.append("conversation:communication:view")
                }
            }
            #expect(try await desk.part(of: robin).kind == .onlooker)
            await sandbox.change { settings in
                for index in settings.agents.indices { settings.agents[index].permissions = [] }
            }
            #expect(await failure { _ = try await desk.part(of: robin) } == .notParticipant)
            #expect(try await desk.part().kind == .connected)
        }
    }

    @Test func knowsTheCodesOfTheQueue() async throws {
        try await Desk.with { desk in
            try await desk.accept()
            let codes = try await desk.service.wrapUpCodes(of: desk.id, as: desk.agent)
            let known = await desk.bench.sandbox.settings().wrapupCodes
            #expect(codes == known.map { WrapUp(code: $0.id, name: $0.name) })
            #expect(!codes.isEmpty)
        }
    }

    @Test func seesWhatAnalyticsAndQueuesShow() async throws {
        try await Desk.with { desk async throws in
            let sandbox = desk.bench.sandbox
            let queue = await sandbox.settings().queues[0].id
            desk.bench.genesys.advance(by: .seconds(600))
            let roles = ["analytics:conversationDetail:view", "routing:queue:view"]
            let rights: Set = [AgentAccess.oversight, AgentAccess.supervision]
            await sandbox.change { $0.agents[0].permissions = roles + rights }
            var agent = desk.agent
            agent.permissions = rights
            func part(atQueue queue: String) async throws -> AgentPart {
                try await desk.service.part(of: agent, atQueue: queue)
            }
            let other = "5f0c0c1e-0000-4000-8000-000000000001"
            #expect(
                try await desk.service.visible([desk.id, other], to: desk.agent) == [desk.id])
            #expect(try await part(atQueue: queue).supervises)
            #expect(await failure { _ = try await part(atQueue: other) } == .notParticipant)
            // The queue is shown to them, what it holds is not.
            await sandbox.change {
                $0.agents[0].division = $0.divisions[1].id
                $0.agents[0].everywhere = ["routing:queue:view"]
            }
            #expect(await failure { _ = try await part(atQueue: queue) } == .notParticipant)
            await sandbox.change { $0.agents[0].everywhere.append(AgentAccess.oversight) }
            #expect(try await part(atQueue: queue).supervises == false)
            await sandbox.change { $0.agents[0].permissions = [] }
            #expect(await failure { _ = try await part(atQueue: queue) } == .notParticipant)
            let refusal = await failure {
                _ = try await desk.service.visible([desk.id], to: desk.agent)
            }
            #expect(refusal?.isNotPermitted == true)
        }
    }

    @Test func showsNoToken() {
        let access = AgentAccess(agent: Agent(id: "sam"), token: "secret")
        #expect("\(access)" == "agent sam")
    }
}

/// A conversation, and an agent with a token.
private struct Desk {
    let bench: Bench
    let id: String
    let agent: AgentAccess

    static func with(_ body: (Desk) async throws -> Void) async throws {
        try await Bench.with { bench in
            let token = try await bench.sandbox.token(ofAgent: AgentDeskTests.sam)
            try await body(
                Desk(
                    bench: bench, id: try await bench.delivered(1),
                    agent: AgentAccess(agent: Agent(id: AgentDeskTests.sam), token: token)))
        }
    }

    var conversation: Sandbox.Conversation? {
        get async { await bench.sandbox.conversations().first { $0.id == id } }
    }

    var service: AgentDesk {
        AgentDesk(
            client: bench.client, widget: WidgetClient(id: "demo-widget", secret: nil),
            logger: .silent)
    }

    func accept() async throws {
        let offered = try await bench.sandbox.offer(id, to: agent.agent.id)
        let participant = offered.agentParticipantId ?? ""
        let path = "/api/v2/conversations/emails/\(id)/participants/\(participant)"
        let response = try await bench.client.exchange(
            .agent, "PATCH", path, ["state": "connected"], token: agent.token)
        try #require(response.status == 202)
        bench.genesys.advance(by: .seconds(1))
    }

    /// Of the one who has it.
    func change(_ method: String, _ what: String, _ body: JSON) async throws {
        let participant = await conversation?.agentParticipantId ?? ""
        let path = "/api/v2/conversations/emails/\(id)/participants/\(participant)/\(what)"
        let response = try await bench.client.exchange(
            .agent, method, path, body, token: agent.token)
        try #require((200..<300).contains(response.status))
        bench.genesys.advance(by: .seconds(1))
    }

    func part(of other: AgentAccess? = nil) async throws -> AgentPart {
        try await service.part(of: other ?? agent, in: id)
    }

    func finish(_ wrapUp: WrapUp?) async throws {
        try await service.finish(id, as: agent, wrapUp: wrapUp)
    }

    func failure(
        _ wrapUp: WrapUp?, in conversation: String? = nil, as other: AgentAccess? = nil
    ) async -> ParticipationError? {
        do throws(ParticipationError) {
            try await service.finish(conversation ?? id, as: other ?? agent, wrapUp: wrapUp)
            return nil
        } catch {
            return error
        }
    }
}

extension Bench {
    fileprivate func observation(of id: String) async throws -> Observation? {
        let answer = try await client.call(.agent, "GET", "/api/v2/conversations/emails/\(id)")
        return answer.body.flatMap { Observation(email: $0, provider: Self.provider) }
    }
}
