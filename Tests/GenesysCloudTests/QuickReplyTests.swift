import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import GenesysCloud

@Suite(.timeLimit(.minutes(15)))
struct QuickReplyTests {
    private static let queue = "GET /api/v2/routing/queues/q1"
    private static let libraries = "GET /api/v2/responsemanagement/libraries"
    private static let responses = "GET /api/v2/responsemanagement/responses"

    @Test func areThoseOfTheQueuesLibraries() async throws {
        try await with(["mode": "SelectedOnly", "libraryIds": ["l1", "../l2", "l3"]]) { genesys in
            genesys.answer(page("l1"), entities([response("r1", "Greeting", "Hello {{name}},")]))
            genesys.answer(
                page("l3"),
                entities([
                    response("r3", "Late", "It is late.", library: "l3"),
                    // Also in the first library.
                    response("r1", "Greeting", "Hello {{name}},"),
                ]))
            let replies = try await replies(genesys)
            #expect(
                replies == [
                    QuickReply(
                        id: "r1", name: "Greeting", library: "Library l1", text: "Hello {{name}},"),
                    QuickReply(id: "r3", name: "Late", library: "Library l3", text: "It is late."),
                ])
            #expect(genesys.calls.count == 3)
            #expect(genesys.calls.allSatisfy { $0.hasSuffix(" agent-token") })
        }
    }

    @Test func areAllThatTheAgentMaySeeWhereTheQueueNamesNone() async throws {
        for chosen: JSON in [["mode": "All"], .null] {
            try await with(chosen) { genesys in
                genesys.answer(
                    Self.libraries, entities([["id": "l1", "name": "Shop"], ["id": "l2"]]))
                genesys.answer(page("l1"), entities([response("r1", "Greeting", "Hello")]))
                #expect(try await replies(genesys).map(\.library) == ["Shop"])
                let all = try await genesys.desk.replies(
                    in: nil, matching: "", as: ScriptedGenesys.agent)
                #expect(all.count == 1)
            }
        }
    }

    @Test func areNoneWhereTheQueueWantsNone() async throws {
        try await with(["mode": "None"]) { genesys async throws in
            #expect(try await replies(genesys).isEmpty)
            #expect(genesys.calls.count == 1)
        }
    }

    @Test func areFoundByNameOrText() async throws {
        try await with(["mode": "SelectedOnly", "libraryIds": ["l1"]]) { genesys async throws in
            genesys.answer(
                page("l1"),
                entities([
                    response("r1", "Größe", "Which size?"), response("r2", "Late", "Is it gross?"),
                    response("r3", "Refund", "It is on its way."),
                ]))
            #expect(try await replies(genesys, "GRÖSSE").isEmpty)
            #expect(try await replies(genesys, "GRÖßE").map(\.id) == ["r1"])
            #expect(try await replies(genesys, "is").map(\.id) == ["r2", "r3"])
            #expect(genesys.calls.count == 2)
        }
    }

    @Test func bringWhatStandsForANameThatNobodyKnows() async throws {
        try await with(["mode": "SelectedOnly", "libraryIds": ["l1"]]) { genesys async throws in
            let substitutions: JSON = [
                ["id": "days", "defaultValue": "30"], ["id": "name", "description": "Whose"],
                ["defaultValue": "none"],
            ]
            let texts: JSON = [["content": "{{days}} days", "contentType": "text/plain"]]
            genesys.answer(
                page("l1"),
                entities([["id": "r1", "texts": texts, "substitutions": substitutions]])
            )
            #expect(try await replies(genesys).map(\.defaults) == [["days": "30"]])
        }
    }

    @Test func areReadInPagesAndAHundredReturned() async throws {
        try await with(["mode": "SelectedOnly", "libraryIds": ["l1"]]) { genesys async throws in
            func full(_ page: Int) -> JSON {
                entities((0..<100).map { response("r\(page)-\($0)", "Page \(page)", "x") })
            }
            genesys.answer(page("l1"), full(1))
            genesys.answer(page("l1", 2), full(2))
            genesys.answer(page("l1", 3), entities([response("last", "Page 3", "x")]))
            #expect(try await replies(genesys).count == 100)
            #expect(try await replies(genesys, "page 3").map(\.id) == ["last"])
            #expect(genesys.calls.count == 4)
        }
    }

    @Test func areKeptForAMinuteForEachLogin() async throws {
        try await with(["mode": "SelectedOnly", "libraryIds": ["l1"]]) { genesys in
            genesys.answer(page("l1"), entities([response("r1", "Greeting", "Hello")]))
            _ = try await replies(genesys)
            genesys.clock.advance(by: .seconds(59))
            _ = try await replies(genesys)
            #expect(genesys.calls.count == 2)
            var other = ScriptedGenesys.agent
            other.token = "other-token"
            _ = try await genesys.desk.replies(in: Queue(id: "q1"), matching: "", as: other)
            #expect(genesys.calls.suffix(2).allSatisfy { $0.hasSuffix(" other-token") })
            genesys.clock.advance(by: .seconds(1))
            _ = try await replies(genesys)
            #expect(genesys.calls.count == 6)
        }
    }

    @Test func areReadOnceForAllWhoAskMeanwhile() async throws {
        try await with(["mode": "SelectedOnly", "libraryIds": ["l1"]]) { genesys in
            genesys.answer(page("l1"), entities([response("r1", "Greeting", "Hello")]))
            let found = try await withThrowingTaskGroup(of: Int.self) { group in
                for text in ["", "g", "gr", "gre"] {
                    group.addTask { try await replies(genesys, text).count }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(found == [1, 1, 1, 1])
            #expect(genesys.calls.count == 2)
        }
    }

    @Test func theBridgeReadsAQueueThatAnAgentMayNot() async throws {
        try await with(["mode": "SelectedOnly", "libraryIds": ["l1"]]) { genesys in
            genesys.answer("\(Self.queue) agent-token", .forbidden)
            genesys.answer(page("l1"), entities([response("r1", "Greeting", "Hello")]))
            for _ in 0..<2 {
                #expect(try await replies(genesys).count == 1)
                genesys.clock.advance(by: .seconds(300))
            }
            let asked = genesys.calls.filter { $0.contains("queues/q1 bridge-token") }
            #expect(asked.count == 1)
            genesys.clock.advance(by: .seconds(300))
            _ = try await replies(genesys)
            #expect(genesys.calls.filter { $0.contains("queues/q1 bridge-token") }.count == 2)
            // Never a library.
            #expect(!genesys.calls.contains { $0.contains("l1") && $0.contains("bridge-token") })
        }
    }

    @Test func areNotPermittedWhereTheRoleLacksIt() async throws {
        try await with(["mode": "SelectedOnly", "libraryIds": ["l1", "l2"]]) { genesys in
            genesys.answer(Self.responses, .forbidden)
            #expect(await repliesFailure(genesys)?.isNotPermitted == true)
            let asked = genesys.calls.count
            #expect(await repliesFailure(genesys)?.isNotPermitted == true)
            #expect(genesys.calls.count == asked)
        }
        try await with(.null) { genesys in
            genesys.answer(Self.queue, .forbidden)
            #expect(await repliesFailure(genesys)?.isNotPermitted == true)
        }
    }

    @Test func aLibraryThatIsClosedTakesNoneFromTheOthers() async throws {
        try await with(["mode": "SelectedOnly", "libraryIds": ["l1", "l2", "l3"]]) {
            genesys async throws in
            genesys.answer(page("l1"), .forbidden)
            genesys.answer(page("l3"), entities([response("r3", "Late", "x")]))
            #expect(try await replies(genesys).map(\.id) == ["r3"])
        }
    }

    @Test func aFailureIsNotKept() async throws {
        try await with(["mode": "SelectedOnly", "libraryIds": ["l1"]]) { genesys async throws in
            for reply in [ScriptedGenesys.Reply.lost, .json(500, [:]), .json(429, [:])] {
                genesys.answer(page("l1"), reply)
                #expect(await repliesFailure(genesys)?.isUnavailable == true)
            }
            genesys.answer(page("l1"), .json(401, [:]))
            #expect(await repliesFailure(genesys) == .loggedOut)
            genesys.answer(page("l1"), entities([response("r1", "Greeting", "Hello")]))
            #expect(try await replies(genesys).count == 1)
        }
    }

    @Test func areTextsAndNoTemplates() async throws {
        try await with(["mode": "SelectedOnly", "libraryIds": ["l1"]]) { genesys in
            let html: JSON = ["content": "<p>Hello</p>", "contentType": "text/html"]
            let plain: JSON = ["content": "Plain", "contentType": "text/plain"]
            genesys.answer(
                page("l1"),
                entities([
                    ["id": "html", "texts": [html]], ["id": "both", "texts": [html, plain]],
                    ["id": "none", "texts": []],
                    ["id": "footer", "texts": [plain], "responseType": "Footer"],
                ]))
            let replies = try await replies(genesys)
            #expect(replies.map(\.id) == ["html", "both"])
            #expect(replies.map(\.text) == ["Hello", "Plain"])
        }
    }

    // MARK: - What Genesys says

    private func with(
        _ chosen: JSON, _ body: (ScriptedGenesys) async throws -> Void
    ) async throws {
        try await ScriptedGenesys.with { genesys in
            genesys.answer(Self.queue, ["id": "q1", "cannedResponseLibraries": chosen])
            try await body(genesys)
        }
    }

    private func page(_ library: String, _ number: Int = 1) -> String {
        "\(Self.responses)?libraryId=\(library)&pageSize=100&pageNumber=\(number)"
    }

    private func entities(_ entities: [JSON]) -> JSON { ["entities": .array(entities)] }

    private func response(
        _ id: String, _ name: String, _ text: String, library: String = "l1"
    ) -> JSON {
        [
            "id": .string(id), "name": .string(name),
            "libraries": [["id": .string(library), "name": .string("Library \(library)")]],
            "texts": [["content": .string(text), "contentType": "text/plain"]],
        ]
    }

    private func replies(
        _ genesys: ScriptedGenesys, _ text: String = ""
    ) async throws -> [QuickReply] {
        try await genesys.desk.replies(
            in: Queue(id: "q1"), matching: text, as: ScriptedGenesys.agent)
    }

    private func repliesFailure(_ genesys: ScriptedGenesys) async -> ParticipationError? {
        await failure { _ = try await replies(genesys) }
    }
}
