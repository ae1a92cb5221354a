import ExactJSON
import LoopbackServer
import Outbox
import Testing

@testable import GenesysCloud

@Suite(.timeLimit(.minutes(15)))
struct QueueMailTests {
    private static let queue = "GET /api/v2/routing/queues/q1"
    private static let route = "GET /api/v2/routing/email/domains/shop.example.com/routes/r1"
    private static let create = "POST /api/v2/conversations/emails"

    @Test func theAddressIsTheRoutesPatternAtItsDomain() async throws {
        try await with(["id": "r1"]) { genesys async throws in
            genesys.answer(Self.route, ["id": "r1", "pattern": "support"])
            #expect(try await address(genesys) == "support@shop.example.com")
        }
        try await with(["id": "r1", "pattern": "support"]) { genesys async throws in
            #expect(try await address(genesys) == "support@shop.example.com")
            #expect(genesys.calls.count == 1)
        }
    }

    @Test func aPatternForManyNamesIsNoAddress() async throws {
        for pattern in ["*", "", "support*", "a b", "<x>"] {
            try await with(["id": "r1", "pattern": .string(pattern)]) { genesys async throws in
                #expect(try await address(genesys) == nil)
            }
        }
    }

    @Test func aQueueWithoutOneHasNoAddress() async throws {
        for place: JSON in [
            .null, [:], ["domain": ["id": "shop.example.com"]],
            ["domain": ["id": "../users"], "route": ["id": "r1"]],
            ["domain": ["id": "a..b"], "route": ["id": "r1"]],
            ["domain": ["id": "shop.example.com"], "route": ["id": "../r1"]],
        ] {
            try await ScriptedGenesys.with { genesys async throws in
                genesys.answer(Self.queue, ["id": "q1", "outboundEmailAddress": place])
                #expect(try await address(genesys) == nil)
                #expect(genesys.calls.count == 1)
            }
        }
    }

    @Test func theBridgeReadsARouteThatAnAgentMayNot() async throws {
        try await with(["id": "r1"]) { genesys async throws in
            genesys.answer("\(Self.route) agent-token", .forbidden)
            genesys.answer("\(Self.route) bridge-token", ["pattern": "support"])
            #expect(try await address(genesys) == "support@shop.example.com")
        }
    }

    @Test func aRouteThatNobodyMayReadIsNotPermitted() async throws {
        try await with(["id": "r1"]) { genesys in
            genesys.answer(Self.route, .forbidden)
            guard case .notPermitted(let words) = await addressFailure(genesys) else {
                Issue.record("an address was made up")
                return
            }
            #expect(words.contains("missing.permissions"))
        }
    }

    @Test func aQueueThatIsGoneIsRefusedAndALostAnswerPasses() async throws {
        try await ScriptedGenesys.with { genesys in
            #expect(await addressFailure(genesys)?.isRefused == true)
            genesys.answer(Self.queue, .lost)
            #expect(await addressFailure(genesys)?.isUnavailable == true)
            genesys.answer(Self.queue, .json(401, [:]))
            #expect(await addressFailure(genesys) == .loggedOut)
        }
    }

    @Test func startsAConversationInTheQueuesName() async throws {
        try await ScriptedGenesys.with { genesys in
            genesys.answer(Self.create, ["id": "c1"])
            #expect(try await start(genesys, name: "Jane \"J\" Roe") == "c1")
            #expect(
                genesys.form(of: "/api/v2/conversations/emails")
                    == #"{"provider":"PureCloud Email","direction":"OUTBOUND","queueId":"q1","#
                    + #""toAddress":"jane@example.com","subject":"Order 1042","#
                    + #""toName":"Jane \"J\" Roe"}"#)
            #expect(genesys.calls == ["POST /api/v2/conversations/emails agent-token"])
            _ = try await start(genesys, name: nil)
            #expect(
                genesys.form(of: "/api/v2/conversations/emails")?.contains("toName") == false)
        }
    }

    @Test func saysWhyNoneIsStarted() async throws {
        try await ScriptedGenesys.with { genesys in
            let code = "email.outbound.queue.address.required"
            genesys.answer(Self.create, .json(400, ["code": .string(code)]))
            guard case .refused(let words) = await startFailure(genesys) else {
                Issue.record("a conversation was started")
                return
            }
            #expect(words.contains(code))
            genesys.answer(Self.create, .forbidden)
            #expect(await startFailure(genesys)?.isNotPermitted == true)
            genesys.answer(Self.create, .json(401, [:]))
            #expect(await startFailure(genesys) == .loggedOut)
        }
    }

    @Test func aLostAnswerSaysThatItMayHaveBeenStartedAndIsNotRepeated() async throws {
        try await ScriptedGenesys.with { genesys in
            for reply in [
                ScriptedGenesys.Reply.lost, .json(408, [:]), .json(409, [:]), .json(504, [:]),
                .json(200, ["id": "../x"]),
            ] {
                genesys.answer(Self.create, reply)
                let asked = genesys.calls.count
                guard case .uncertain = await startFailure(genesys) else {
                    Issue.record("a lost answer was taken for one")
                    return
                }
                #expect(genesys.calls.count == asked + 1)
            }
        }
    }

    @Test func whatWasNeverTakenInMayBeStartedAgain() async throws {
        try await ScriptedGenesys.with { genesys async throws in
            genesys.answer(Self.create, .json(429, [:]), .json(200, ["id": "c1"]))
            #expect(await startFailure(genesys)?.isUnavailable == true)
            #expect(genesys.calls.count == 1)
            #expect(try await start(genesys, name: nil) == "c1")
        }
        let nobody = try RefusingPort()
        try await ScriptedGenesys.with(api: "http://127.0.0.1:\(nobody.port)") { genesys in
            #expect(await startFailure(genesys)?.isUnavailable == true)
        }
    }

    private func with(
        _ route: JSON, _ body: (ScriptedGenesys) async throws -> Void
    ) async throws {
        try await ScriptedGenesys.with { genesys in
            genesys.answer(
                Self.queue,
                [
                    "id": "q1",
                    "outboundEmailAddress": ["domain": ["id": "shop.example.com"], "route": route],
                ])
            try await body(genesys)
        }
    }

    private func address(
        _ genesys: ScriptedGenesys
    ) async throws -> String? {
        try await genesys.desk.address(of: Queue(id: "q1"), as: ScriptedGenesys.agent)
    }

    private func addressFailure(_ genesys: ScriptedGenesys) async -> ParticipationError? {
        await failure { _ = try await address(genesys) }
    }

    private func start(
        _ genesys: ScriptedGenesys, name: String?
    ) async throws -> String {
        try await genesys.desk.start(
            OutgoingMail(queue: "q1", to: "jane@example.com", toName: name, subject: "Order 1042"),
            as: ScriptedGenesys.agent)
    }

    private func startFailure(_ genesys: ScriptedGenesys) async -> ParticipationError? {
        await failure { _ = try await start(genesys, name: nil) }
    }
}
