import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import GenesysCloud

@Suite(.timeLimit(.minutes(15)))
struct OversightTests {
    private static let details = "GET /api/v2/analytics/conversations/details"

    @Test func whatGenesysShowsIsVisible() async throws {
        try await ScriptedGenesys.with { genesys async throws in
            genesys.answer(
                Self.details,
                [
                    "conversations": [
                        ["conversationId": "c1"], ["conversationId": "not-asked-for"],
                    ]
                ])
            #expect(try await visible(genesys, ["c1", "c2", "../c3"]) == ["c1"])
            #expect(
                genesys.calls == [
                    "GET /api/v2/analytics/conversations/details?id=c1,c2 agent-token"
                ])
        }
    }

    @Test func nobodyIsAskedForNothing() async throws {
        try await ScriptedGenesys.with { genesys async throws in
            #expect(try await visible(genesys, []).isEmpty)
            #expect(genesys.calls.isEmpty)
        }
    }

    @Test func manyAreAskedForInParts() async throws {
        try await ScriptedGenesys.with { genesys async throws in
            let all = (100..<200).map { "c\($0)" }
            let last: JSON = ["conversations": [["conversationId": "c199"]]]
            genesys.answer(Self.details, .json(404, [:]), .json(200, last))
            #expect(try await visible(genesys, all + all) == ["c199"])
            #expect(genesys.calls.count == 2)
        }
    }

    @Test func aRoleThatShowsNoneIsNotPermitted() async throws {
        try await ScriptedGenesys.with { genesys in
            genesys.answer(Self.details, .forbidden)
            #expect(await visibleFailure(genesys)?.isNotPermitted == true)
            genesys.answer(Self.details, .json(401, [:]))
            #expect(await visibleFailure(genesys) == .loggedOut)
            for reply in [ScriptedGenesys.Reply.lost, .json(503, [:])] {
                genesys.answer(Self.details, reply)
                #expect(await visibleFailure(genesys)?.isUnavailable == true)
            }
        }
    }

    @Test func aQueueIsLookedOnWhereTheRoleHoldsInItsDivision() async throws {
        try await ScriptedGenesys.with { genesys async throws in
            let queue = "GET /api/v2/routing/queues/q1"
            genesys.grant(AgentAccess.oversight, in: ["d1"])
            genesys.grant(AgentAccess.supervision, in: ["d2"])
            for reply in [ScriptedGenesys.Reply.json(404, [:]), .forbidden, .json(200, [:])] {
                genesys.answer(queue, reply)
                #expect(await partFailure(genesys, "q1") == .notParticipant)
            }
            genesys.answer(queue, ["id": "q1", "division": ["id": "d2"]])
            #expect(await partFailure(genesys, "q1") == .notParticipant)
            genesys.answer(queue, ["id": "q1", "division": ["id": "d1"]])
            let part = try await part(genesys, "q1")
            #expect(part == AgentPart(.onlooker, queue: Queue(id: "q1")))
            genesys.clock.advance(by: .seconds(30))
            genesys.grant(AgentAccess.supervision, in: ["d1"])
            #expect(try await self.part(genesys, "q1").supervises)
            #expect(genesys.calls.allSatisfy { $0.hasSuffix(" agent-token") })
        }
    }

    @Test func aQueueIsShownToManyWhoLookOnAtNothing() async throws {
        try await ScriptedGenesys.with { genesys async throws in
            genesys.answer(
                "GET /api/v2/routing/queues/q1", ["id": "q1", "division": ["id": "d1"]])
            genesys.grant(AgentAccess.oversight, in: ["d1"])
            #expect(await partFailure(genesys, "q1", as: ScriptedGenesys.agent) == .notParticipant)
            #expect(await partFailure(genesys, "../me") == .notParticipant)
        }
    }

    @Test func whereNobodyKnowsAQueueIsNotLookedOn() async throws {
        try await ScriptedGenesys.with { genesys async throws in
            genesys.answer("GET /api/v2/routing/queues/q1", .lost)
            #expect(await partFailure(genesys, "q1")?.isUnavailable == true)
            genesys.answer(
                "GET /api/v2/routing/queues/q1", ["id": "q1", "division": ["id": "d1"]])
            for reply in [ScriptedGenesys.Reply.lost, .json(503, [:]), .json(200, [:])] {
                genesys.answer(ScriptedGenesys.divisions(of: AgentAccess.oversight), reply)
                #expect(await partFailure(genesys, "q1")?.isUnavailable == true)
            }
        }
    }

    private static var supervisor: AgentAccess {
        var access = ScriptedGenesys.agent
        access.permissions = [AgentAccess.oversight, AgentAccess.supervision]
        return access
    }

    private func part(
        _ genesys: ScriptedGenesys, _ queue: String, as agent: AgentAccess = supervisor
    ) async throws -> AgentPart {
        try await genesys.desk.part(of: agent, atQueue: queue)
    }

    private func partFailure(
        _ genesys: ScriptedGenesys, _ queue: String, as agent: AgentAccess = supervisor
    ) async -> ParticipationError? {
        await failure { _ = try await part(genesys, queue, as: agent) }
    }

    private func visible(
        _ genesys: ScriptedGenesys, _ conversations: [String]
    ) async throws -> Set<String> {
        try await genesys.desk.visible(conversations, to: ScriptedGenesys.agent)
    }

    private func visibleFailure(_ genesys: ScriptedGenesys) async -> ParticipationError? {
        await failure { _ = try await visible(genesys, ["c1"]) }
    }
}
