import ExactJSON
import Outbox
import Testing

@testable import GenesysCloud

@Suite(.timeLimit(.minutes(5)))
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

    @Test func aQueueIsSeenOnlyIfGenesysShowsIt() async throws {
        try await ScriptedGenesys.with { genesys async throws in
            let queue = "GET /api/v2/routing/queues/q1"
            #expect(try await sees(genesys, "q1") == false)
            genesys.answer(queue, .forbidden)
            #expect(try await sees(genesys, "q1") == false)
            genesys.answer(queue, ["id": "q1"])
            #expect(try await sees(genesys, "q1"))
            #expect(genesys.calls.allSatisfy { $0.hasSuffix(" agent-token") })
            #expect(try await sees(genesys, "../me") == false)
            genesys.answer(queue, .lost)
            let error = await failure {
                _ = try await sees(genesys, "q1")
            }
            #expect(error?.isUnavailable == true)
        }
    }

    private func sees(_ genesys: ScriptedGenesys, _ queue: String) async throws -> Bool {
        try await genesys.desk.sees(queue: queue, ScriptedGenesys.agent)
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
