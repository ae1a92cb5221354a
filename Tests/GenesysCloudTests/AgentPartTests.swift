import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import GenesysCloud

@Suite(.timeLimit(.minutes(15)))
struct AgentPartTests {
    private static let conversation = "5f0c0c1e-0000-4000-8000-000000000001"
    private static let email = "GET /api/v2/conversations/emails/\(conversation)"
    private static let general = "GET /api/v2/conversations/\(conversation)"

    @Test(arguments: [
        ("alerting", AgentPart.Kind.alerting), ("contacting", .alerting), ("connected", .connected),
        ("parked", .connected),
    ])
    func isWhatTheirSideDoes(state: String, kind: AgentPart.Kind) async throws {
        try await with([side(1, state)]) { genesys in
            let part = try await part(genesys)
            #expect(part == AgentPart(kind, queue: Queue(id: "q1", name: "Support")))
            #expect(genesys.calls.count == 1)
        }
    }

    @Test func isConnectedWhileHeld() async throws {
        try await with([side(1, "connected").adding("held", true)]) { genesys async throws in
            #expect(try await part(genesys).kind == .connected)
        }
    }

    @Test func hasEndedWithItsCode() async throws {
        let code: JSON = ["code": "w1", "name": "Resolved", "notes": "sent again"]
        try await with([
            side(1, "disconnected", ended: true).adding("wrapupRequired", true)
                .adding("wrapup", code)
        ]) { genesys in
            let part = try await part(genesys)
            #expect(part.kind == .ended)
            #expect(part.requiresWrapUp)
            #expect(part.wrapUp == WrapUp(code: "w1", name: "Resolved", notes: "sent again"))
        }
    }

    @Test func whoGetsItBackHasTheNewestOpenPart() async throws {
        let first = side(1, "disconnected", ended: true)
        // Whatever the order they come in.
        for sides in [[first, side(2, "alerting")], [side(2, "alerting"), first]] {
            try await with(sides) { genesys async throws in
                #expect(try await part(genesys).kind == .alerting)
            }
        }
        try await with([side(3, "connected"), first, side(2, "disconnected", ended: true)]) {
            genesys async throws in
            #expect(try await part(genesys).kind == .connected)
        }
    }

    @Test func ofTwoOpenPartsTheNewerCounts() async throws {
        let (older, newer) = (side(1, "connected"), side(2, "alerting"))
        for sides in [[older, newer], [newer, older]] {
            try await with(sides) { genesys async throws in
                #expect(try await part(genesys).kind == .alerting)
            }
        }
    }

    @Test func whoLetItRingAgainKeepsThePartTheyHad() async throws {
        try await with([
            side(1, "disconnected", ended: true),
            side(2, "disconnected", ended: true, connected: false),
        ]) { genesys async throws in
            #expect(try await part(genesys).kind == .ended)
        }
    }

    @Test func whoOnlyLetItRingHasNoPart() async throws {
        try await with([side(1, "disconnected", ended: true, connected: false)]) {
            genesys async throws in
            #expect(await partFailure(genesys) == .notParticipant)
            // Genesys shows it to all whom it names, whatever their role.
            genesys.answer(Self.general, shown)
            #expect(await partFailure(genesys) == .notParticipant)
            #expect(await partFailure(genesys, as: supervisor)?.isUnavailable == false)
            genesys.grant(AgentAccess.oversight, in: ["d1"])
            #expect(try await part(genesys, as: supervisor).kind == .onlooker)
        }
    }

    @Test func aRoleThatIsGoneOrHoldsElsewhereShowsNothing() async throws {
        try await with([side(1, "disconnected", ended: true, connected: false)]) {
            genesys async throws in
            genesys.answer(Self.general, shown)
            genesys.grant(AgentAccess.oversight, in: ["d2"])
            #expect(await partFailure(genesys, as: supervisor) == .notParticipant)
            genesys.clock.advance(by: .seconds(30))
            genesys.grant(AgentAccess.oversight, in: ["d1", "d2"])
            #expect(try await part(genesys, as: supervisor).kind == .onlooker)
            genesys.grant(AgentAccess.oversight, in: [])
            #expect(try await part(genesys, as: supervisor).kind == .onlooker)
            genesys.clock.advance(by: .seconds(30))
            #expect(await partFailure(genesys, as: supervisor) == .notParticipant)
        }
    }

    @Test func whoMayAssignInItsDivisionSupervises() async throws {
        try await with([side(1, "disconnected", ended: true)]) { genesys async throws in
            let permission = AgentAccess.supervision
            var agent = ScriptedGenesys.agent
            genesys.grant(permission, in: ["d1"])
            #expect(try await part(genesys, as: agent).supervises == false)
            agent.permissions = [permission]
            #expect(try await part(genesys, as: agent).supervises)
            for (divisions, isEverywhere) in [(["d2"], false), ([], true)] {
                genesys.clock.advance(by: .seconds(30))
                genesys.grant(permission, in: divisions, isEverywhere: isEverywhere)
                #expect(try await part(genesys, as: agent).supervises == isEverywhere)
            }
            genesys.clock.advance(by: .seconds(30))
            genesys.answer(ScriptedGenesys.divisions(of: permission), .lost)
            #expect(try await part(genesys, as: agent).supervises == false)
            // That nobody knows holds for a while too: else each look would wait for it again.
            let asked = genesys.calls.count
            #expect(try await part(genesys, as: agent).supervises == false)
            #expect(genesys.calls.count == asked + 1)
        }
    }

    @Test func whoHasItWaitsForNoWordAboutSupervision() async throws {
        try await with([side(1, "connected")]) { genesys async throws in
            var agent = ScriptedGenesys.agent
            agent.permissions = [AgentAccess.supervision]
            #expect(try await part(genesys, as: agent).kind == .connected)
            #expect(genesys.calls.count == 1)
        }
    }

    @Test func whoElseHasItIsNamed() async throws {
        try await with([
            side(1, "disconnected", ended: true, agent: "gone"), side(2, "connected"),
            side(3, "parked", agent: "parks"), side(4, "alerting", agent: "rings"),
        ]) { genesys async throws in
            #expect(try await part(genesys).colleagues == ["parks"])
        }
    }

    @Test func whomOnlyTheGeneralShapeNamesDoesNotLookOnEither() async throws {
        try await ScriptedGenesys.with { genesys async throws in
            genesys.answer(Self.email, .forbidden)
            let side: JSON = [
                "purpose": "agent", "userId": .string(ScriptedGenesys.agent.agent.id),
                "startTime": "2026-01-15T10:01:00.000Z", "endTime": "2026-01-15T10:01:50.000Z",
            ]
            genesys.answer(
                Self.general,
                [
                    "id": .string(Self.conversation), "participants": [side],
                    "divisions": [["division": ["id": "d1"]]],
                ])
            genesys.grant(AgentAccess.oversight, in: ["d1"])
            #expect(await partFailure(genesys) == .notParticipant)
            #expect(try await part(genesys, as: supervisor).kind == .onlooker)
        }
    }

    @Test func anotherAgentsPartIsNoneOfTheirs() async throws {
        try await with([side(1, "connected", agent: "someone-else")]) { genesys in
            #expect(await partFailure(genesys) == .notParticipant)
            genesys.answer(Self.general, .forbidden)
            #expect(await partFailure(genesys) == .notParticipant)
        }
    }

    @Test(arguments: [403, 404, 400])
    func whoMayNotReadItsEmailMayStillLookOn(status: Int) async throws {
        try await ScriptedGenesys.with { genesys in
            genesys.answer(Self.email, .json(status, [:]))
            genesys.answer(Self.general, shown)
            let part = try await part(genesys)
            #expect(part == AgentPart(.onlooker, queue: Queue(id: "q2", name: "Returns")))
        }
    }

    @Test func aSupervisorWithAPartKeepsIt() async throws {
        for state in ["alerting", "connected"] {
            try await with([side(1, state)]) { genesys async throws in
                genesys.answer(Self.general, shown)
                #expect(try await part(genesys).kind != .onlooker)
            }
        }
    }

    @Test func anExpiredLoginIsToldFromAConversationOfOthers() async throws {
        try await ScriptedGenesys.with { genesys in
            genesys.answer(Self.email, .json(401, [:]))
            #expect(await partFailure(genesys) == .loggedOut)
            genesys.answer(Self.email, .forbidden)
            genesys.answer(Self.general, .json(401, [:]))
            #expect(await partFailure(genesys) == .loggedOut)
        }
    }

    @Test func anAnswerThatIsLostOrMakesNoSenseOpensNothing() async throws {
        try await ScriptedGenesys.with { genesys in
            let replies: [ScriptedGenesys.Reply] = [
                .lost, .json(500, [:]), .json(429, [:]), .json(200, [:]), .json(200, []),
            ]
            for reply in replies {
                genesys.answer(Self.email, reply)
                genesys.answer(Self.general, shown)
                #expect(await partFailure(genesys)?.isUnavailable == true)
                genesys.answer(Self.email, .forbidden)
                genesys.answer(Self.general, reply)
                #expect(await partFailure(genesys)?.isUnavailable == true)
            }
        }
    }

    @Test func onlyAnIDIsAskedFor() async throws {
        try await ScriptedGenesys.with { genesys in
            for id in ["", "../users/me", "a/b", "a?b"] {
                let error = await failure {
                    _ = try await genesys.desk.part(of: ScriptedGenesys.agent, in: id)
                }
                #expect(error == .notParticipant)
            }
            #expect(genesys.calls.isEmpty)
        }
    }

    // MARK: - Codes

    @Test func theCodesAreThoseOfTheirOwnPart() async throws {
        try await with([side(1, "disconnected", ended: true), side(2, "connected")]) { genesys in
            genesys.answer(
                "\(Self.email)/participants/p2/wrapupcodes",
                [["id": "w1", "name": "Resolved"], ["id": "w2"], ["name": "no id"]])
            let codes = try await genesys.desk.wrapUpCodes(
                of: Self.conversation, as: ScriptedGenesys.agent)
            #expect(codes == [WrapUp(code: "w1", name: "Resolved"), WrapUp(code: "w2")])
        }
    }

    @Test func whoHasNoPartHasNoCodes() async throws {
        try await with([side(1, "connected", agent: "someone-else")]) { genesys in
            let error = await failure {
                _ = try await genesys.desk.wrapUpCodes(
                    of: Self.conversation, as: ScriptedGenesys.agent)
            }
            #expect(error == .notParticipant)
        }
    }

    @Test func afterCallWorkAsksForItsCode() async throws {
        let over = side(1, "disconnected", ended: true).adding("wrapupRequired", true)
        try await with([over]) { genesys in
            func finish(_ wrapUp: WrapUp?) async -> ParticipationError? {
                await failure {
                    try await genesys.desk.finish(
                        Self.conversation, as: ScriptedGenesys.agent, wrapUp: wrapUp)
                }
            }
            #expect(await finish(nil) == .wrapUpRequired)
            let target = "/api/v2/conversations/emails/\(Self.conversation)/participants/p1"
            genesys.answer("PATCH \(target)", .json(202, .null))
            #expect(await finish(WrapUp(code: "w1")) == nil)
            #expect(genesys.form(of: target) == #"{"wrapup":{"code":"w1"}}"#)
        }
    }

    // MARK: - What Genesys says

    private let shown: JSON = [
        "id": .string(conversation), "startTime": "2026-01-15T10:00:00.000Z",
        "divisions": [["division": ["id": "d1"], "entities": []]],
        "participants": [
            ["purpose": "external", "startTime": "2026-01-15T10:00:00.000Z"],
            [
                "purpose": "acd", "queueId": "q2", "queueName": "Returns",
                "startTime": "2026-01-15T10:00:01.000Z",
            ],
        ],
    ]

    private func with(
        _ sides: [JSON], _ body: (ScriptedGenesys) async throws -> Void
    ) async throws {
        try await ScriptedGenesys.with { genesys in
            genesys.answer(
                Self.email,
                [
                    "id": .string(Self.conversation), "participants": .array(sides),
                    "divisions": [["division": ["id": "d1"]]],
                ])
            try await body(genesys)
        }
    }

    private func side(
        _ number: Int, _ state: String, ended: Bool = false, connected: Bool? = nil,
        agent: String = ScriptedGenesys.agent.agent.id
    ) -> JSON {
        var side: JSON = [
            "id": .string("p\(number)"), "purpose": "agent", "state": .string(state),
            "user": ["id": .string(agent)], "queue": ["id": "q1", "name": "Support"],
            "startTime": .string("2026-01-15T10:0\(number):00.000Z"),
        ]
        if connected ?? (state != "alerting" && state != "contacting") {
            side = side.adding("connectedTime", .string("2026-01-15T10:0\(number):10.000Z"))
        }
        return ended
            ? side.adding("endTime", .string("2026-01-15T10:0\(number):50.000Z")) : side
    }

    private var supervisor: AgentAccess {
        var access = ScriptedGenesys.agent
        access.permissions = [AgentAccess.oversight]
        return access
    }

    private func part(
        _ genesys: ScriptedGenesys, as agent: AgentAccess = ScriptedGenesys.agent
    ) async throws -> AgentPart {
        try await genesys.desk.part(of: agent, in: Self.conversation)
    }

    private func partFailure(
        _ genesys: ScriptedGenesys, as agent: AgentAccess = ScriptedGenesys.agent
    ) async -> ParticipationError? {
        await failure { _ = try await part(genesys, as: agent) }
    }
}

extension JSON {
    fileprivate func adding(_ name: String, _ value: JSON) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members + [Member(name, value)])
    }
}

extension ParticipationError {
    var isUnavailable: Bool { if case .unavailable = self { true } else { false } }
    var isNotPermitted: Bool { if case .notPermitted = self { true } else { false } }
    var isRefused: Bool { if case .refused = self { true } else { false } }
}
