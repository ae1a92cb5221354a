import Foundation
import Sandbox
import Testing

@Suite("Attribute search", .timeLimit(.minutes(15)))
struct AttributeSearchTests {
    private static let hour = window("startTime", "2027-01-15T08:00:00Z", "2027-01-15T09:00:00Z")

    private static func window(_ field: String, _ start: String, _ end: String) -> String {
        """
        {"type": "DATE_RANGE", "fields": ["\(field)"], "startValue": "\(start)", \
        "endValue": "\(end)"}
        """
    }

    private func search(
        _ sandbox: Sandbox, token: String, _ criteria: String..., cursor: String? = nil
    ) async throws -> (rows: [[String: Any]], cursor: String?) {
        let cursor = cursor.map { #", "cursor": "\#($0)""# } ?? ""
        let answer = try await sandbox.call(
            "POST", searchPath, token: token,
            body: #"{"query": [\#(criteria.joined(separator: ","))]\#(cursor)}"#)
        #expect(answer.status == 200, "\(answer.body)")
        return (
            try #require(answer.json["results"] as? [[String: Any]]),
            answer.json["cursor"] as? String
        )
    }

    private func ids(_ rows: [[String: Any]]) -> [String] {
        rows.compactMap { $0["conversationId"] as? String }
    }

    @Test func aRowHasTheAttributesOfTheParticipants() async throws {
        try await withSandbox(.at(ManualClock())) { sandbox in
            let token = try await sandbox.token()
            let created = try await sandbox.created(token: token)
            _ = try await sandbox.call(
                ConversationCall.changes[1], on: created, token: token)
            let row = try #require(try await search(sandbox, token: token, Self.hour).rows.first)
            #expect(row["conversationId"] as? String == created.id)
            #expect(row["startTime"] as? String == "2027-01-15T08:00:00.000Z")
            #expect(row["endTime"] as? String == "2027-01-15T08:00:00.000Z")
            #expect((row["divisionIds"] as? [String])?.count == 1)
            #expect(row["truncatedData"] as? Bool == false)
            let data = try #require(row["participantData"] as? [[String: Any]])
            #expect(data.count == 1)
            #expect(data[0]["participantPurpose"] as? String == "external")
            #expect(data[0]["participantId"] as? String == created.participant)
            #expect((data[0]["sessionIds"] as? [String])?.count == 1)
            #expect(
                data[0]["participantAttributes"] as? [String: String]
                    == ["order.number": "1042"])
        }
    }

    @Test func fiftyRowsAreAPageAndTheCursorLeadsOn() async throws {
        let clock = ManualClock()
        try await withSandbox(.at(clock)) { sandbox in
            let token = try await sandbox.token()
            _ = try await sandbox.created(token: token) { $0["attributes"] = [String: String]() }
            var created: [String] = []
            for _ in 0..<100 {
                clock.move(by: 1)
                created.append(try await sandbox.created(token: token).id)
            }
            let first = try await search(sandbox, token: token, Self.hour)
            #expect(ids(first.rows) == Array(created[..<50]))
            let cursor = try #require(first.cursor)
            let second = try await search(sandbox, token: token, Self.hour, cursor: cursor)
            #expect(ids(second.rows) == Array(created[50...]))
            #expect(second.cursor == nil)
            clock.move(by: 1)
            created.append(try await sandbox.created(token: token).id)
            let longer = try await search(sandbox, token: token, Self.hour, cursor: cursor)
            #expect(longer.cursor != nil)
            let last = try await search(sandbox, token: token, Self.hour, cursor: longer.cursor)
            #expect(ids(last.rows) == [created[100]])
        }
    }

    @Test func aConversationShowsUpWhenItIsOldEnoughAndUntilItsRetentionEnds() async throws {
        let clock = ManualClock()
        try await withSandbox(.at(clock)) { sandbox in
            await sandbox.change {
                $0.searchLag = 60
                $0.tokenLifetime = 40 * 86_400
            }
            let token = try await sandbox.token()
            let created = try await sandbox.created(token: token)
            let exact =
                #"{"type": "EXACT", "fields": ["conversationId"], "value": "\#(created.id)"}"#
            for criterion in [Self.hour, exact] {
                #expect(try await search(sandbox, token: token, criterion).rows.isEmpty)
            }
            clock.move(by: 60)
            for criterion in [Self.hour, exact] {
                #expect(try await search(sandbox, token: token, criterion).rows.count == 1)
            }
            clock.move(by: 30 * 86_400)
            for criterion in [Self.hour, exact] {
                #expect(try await search(sandbox, token: token, criterion).rows.isEmpty)
            }
        }
    }

    @Test func allCriteriaHold() async throws {
        let clock = ManualClock()
        try await withSandbox(.at(clock)) { sandbox in
            let token = try await sandbox.token()
            let first = try await sandbox.created(token: token)
            clock.move(by: 600)
            let second = try await sandbox.created(token: token)
            _ = try await sandbox.call(ConversationCall.changes[1], on: second, token: token)
            let exact = """
                {"type": "EXACT", "fields": ["conversationId"], "operator": "AND", \
                "values": ["\(first.id)", "\(second.id)"]}
                """
            let both = try await search(sandbox, token: token, exact, Self.hour)
            #expect(ids(both.rows) == [first.id, second.id])
            let early = Self.window(
                "startTime", "2027-01-15T08:00:00.000Z", "2027-01-15T08:05:00.000Z")
            #expect(ids(try await search(sandbox, token: token, exact, early).rows) == [first.id])
            let ended = Self.window("endTime", "2027-01-15T08:00:00Z", "2027-01-16T08:00:00Z")
            #expect(ids(try await search(sandbox, token: token, ended).rows) == [second.id])
            let elsewhere = #"{"type": "EXACT", "fields": ["divisionId"], "value": "other"}"#
            #expect(try await search(sandbox, token: token, exact, elsewhere).rows.isEmpty)
        }
    }

    @Test func aConversationWithTooManyBytesOfAttributesIsNotStored() async throws {
        var options = Sandbox.Options.at(ManualClock())
        options.settings.refusesOversized = false
        try await withSandbox(options) { sandbox in
            let token = try await sandbox.token()
            let fitting = try await sandbox.created(token: token) {
                $0["attributes"] = ["k": String(repeating: "x", count: 20 * 1024 - 2)]
            }
            _ = try await sandbox.created(token: token) {
                $0["attributes"] = ["k": String(repeating: "x", count: 20 * 1024 - 1)]
            }
            #expect(
                ids(try await search(sandbox, token: token, Self.hour).rows) == [fitting.id])
        }
    }

    @Test(arguments: [
        window("startTime", "2027-01-15T08:00:00Z", "2027-01-16T08:00:01Z"),
        window("startTime", "2027-01-15T09:00:00Z", "2027-01-15T08:00:00Z"),
        window("startTime", "yesterday", "today"),
        window("conversationId", "2027-01-15T08:00:00Z", "2027-01-15T09:00:00Z"),
        #"{"type": "DATE_RANGE", "fields": ["startTime"], "startValue": "2027-01-15T08:00:00Z"}"#,
        #"{"type": "EXACT", "fields": ["bridge.key"], "value": "a"}"#,
        #"{"type": "EXACT", "fields": ["conversationId"]}"#,
        #"{"type": "EXACT", "fields": ["conversationId", "divisionId"], "value": "a"}"#,
        #"{"type": "EXACT", "fields": ["divisionId"], "value": "a"}"#,
        #"{"type": "TERM", "fields": ["conversationId"], "value": "a"}"#,
        #"{"type": "EXACT", "fields": ["conversationId"], "value": "a", "operator": "OR"}"#,
        #"{"type": "EXACT", "fields": ["conversationId"], "value": "a", "group": []}"#,
    ])
    func anyOtherSearchIsNotSupported(criterion: String) async throws {
        try await withSandbox { sandbox in
            let answer = try await sandbox.call(
                "POST", searchPath, token: try await sandbox.token(),
                body: #"{"query": [\#(criterion)]}"#)
            #expect(answer.status == 400)
            #expect(answer.message == "Search not supported.")
        }
    }

    @Test(arguments: [
        #""sortOrder": "DESC""#, #""sortBy": "bridge.key""#, #""sort": []"#,
        #""returnFields": ["conversationId"]"#, #""cursor": "!""#, #""pageSize": 10"#,
    ])
    func whatIsAskedBesideTheQueryIsRefused(member: String) async throws {
        try await withSandbox { sandbox in
            let answer = try await sandbox.call(
                "POST", searchPath, token: try await sandbox.token(),
                body: #"{"query": [\#(Self.hour)], \#(member)}"#)
            #expect(answer.status == 400)
        }
    }

    @Test func aSearchNeedsItsPermission() async throws {
        try await withSandbox { sandbox in
            let permission = "conversation:participant:attributesview"
            await sandbox.change { $0.clients[0].permissions.removeAll { $0 == permission } }
            let answer = try await sandbox.call(
                "POST", searchPath, token: try await sandbox.token(), body: "{}")
            #expect(answer.status == 403)
            #expect(answer.message?.hasSuffix(permission) == true)
        }
    }
}
