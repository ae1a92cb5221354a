import Foundation
import Testing

@testable import Sandbox

@Suite("Analytics", .timeLimit(.minutes(15)))
struct AnalyticsTests {
    /// What a query has found.
    private struct Found {
        let status: Int
        let totalHits: Int?
        /// `nil` if the answer has none.
        let conversations: [[String: Any]]?

        init(_ answer: ReceivedAnswer) {
            status = answer.status
            totalHits = answer.json["totalHits"] as? Int
            conversations = answer.json["conversations"] as? [[String: Any]]
        }

        var ids: [String] {
            (conversations ?? []).compactMap { $0["conversationId"] as? String }
        }
    }

    /// The hour that begins with the clock's first time.
    private static let hour = "2027-01-15T08:00:00Z/2027-01-15T09:00:00Z"

    private func find(
        _ sandbox: Sandbox, token: String, interval: String = hour, segments: String = "",
        conversations: String = "", more: String = ""
    ) async throws -> Found {
        let body = """
            {"interval": "\(interval)", "segmentFilters": [\(segments)], \
            "conversationFilters": [\(conversations)]\(more)}
            """
        return Found(try await sandbox.call("POST", queryPath, token: token, body: body))
    }

    private func predicate(_ dimension: String, _ value: String) -> String {
        #"{"type": "dimension", "dimension": "\#(dimension)", "value": "\#(value)"}"#
    }

    private func filter(_ predicates: String..., type: String = "and") -> String {
        #"{"type": "\#(type)", "predicates": [\#(predicates.joined(separator: ","))]}"#
    }

    @Test func theAgentTheEndAndTheCodeAreShown() async throws {
        let clock = ManualClock()
        try await Desk.with(.at(clock)) { desk in
            let rung = try await desk.offer(robin)
            clock.move(by: 10)
            try await desk.sandbox.letRing(desk.conversation.id)
            let participant = try await desk.accepted()
            clock.move(by: 10)
            let body = #"{"state": "disconnected", "wrapup": {"code": "\#(resolved)"}}"#
            #expect(try await desk.patch(participant, body).status == 202)
            let found = try await find(desk.sandbox, token: desk.client)
            let conversation = try #require(found.conversations?.first)
            #expect(conversation["conversationEnd"] as? String == "2027-01-15T08:00:20.000Z")
            let sides = try #require(conversation["participants"] as? [[String: Any]])
            #expect(
                sides.map { $0["purpose"] as? String } == ["external", "acd", "agent", "agent"])
            #expect(sides[2]["participantId"] as? String == rung)
            #expect(sides[3]["userId"] as? String == sam)
            let told = sides.map { side in
                let sessions = side["sessions"] as? [[String: Any]]
                let segments = sessions?.first?["segments"] as? [[String: Any]] ?? []
                return segments.map { segment in
                    ["segmentType", "disconnectType", "wrapUpCode"]
                        .compactMap { segment[$0] as? String }.joined(separator: " ")
                }
            }
            #expect(
                told == [
                    ["interact peer"], ["interact transfer"], ["alert noAnswerTransfer"],
                    ["alert", "interact client", "wrapup \(resolved)"],
                ])
        }
    }

    @Test func fiftyIdsAreAskedForAtOnce() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            let first = try await sandbox.created(token: token)
            let second = try await sandbox.created(token: token)
            let path = "/api/v2/analytics/conversations/details?id="
            let none = repeatElement("none", count: 48)
            for (ids, status) in [
                ([first.id, second.id], 200), ([first.id] + [second.id, "x"], 400),
            ] {
                let all = (ids + none).joined(separator: ",")
                let answer = try await sandbox.call("GET", path + all, token: token)
                #expect(answer.status == status)
                let found = answer.json["conversations"] as? [[String: Any]]
                #expect(
                    found?.compactMap { $0["conversationId"] as? String }
                        == (status == 200 ? [first.id, second.id] : nil))
            }
        }
    }

    @Test func aConversationIsShownWithoutItsAttributes() async throws {
        let clock = ManualClock()
        try await withSandbox(.at(clock)) { sandbox in
            await sandbox.change { $0.indexesAddressTo = true }
            let token = try await sandbox.token()
            let created = try await sandbox.created(token: token)
            let found = try await find(sandbox, token: token)
            #expect(found.status == 200 && found.totalHits == 1)
            let conversation = try #require(found.conversations?.first)
            #expect(conversation["conversationId"] as? String == created.id)
            #expect(conversation["conversationStart"] as? String == "2027-01-15T08:00:00.000Z")
            #expect(conversation["conversationEnd"] == nil)
            let participants = try #require(conversation["participants"] as? [[String: Any]])
            #expect(participants.map { $0["purpose"] as? String } == ["external", "acd"])
            #expect(participants.allSatisfy { $0["attributes"] == nil })
            let sessions = try #require(participants[0]["sessions"] as? [[String: Any]])
            #expect(sessions[0]["addressTo"] as? String == "marker-1")
            #expect(sessions[0]["addressFrom"] as? String == "jane@example.com")
            #expect(sessions[0]["provider"] as? String == "Test Shop")
            #expect(sessions[0]["mediaType"] as? String == "email")
            #expect(sessions[0]["direction"] as? String == "inbound")
            let segments = try #require(sessions[0]["segments"] as? [[String: Any]])
            #expect(segments[0]["subject"] as? String == "Where is my order?")
            let queueSessions = try #require(participants[1]["sessions"] as? [[String: Any]])
            let queued = try #require(queueSessions[0]["segments"] as? [[String: Any]])
            #expect(queued[0]["queueId"] as? String == demoQueue)

            let got = try await sandbox.call(
                "GET", "/api/v2/analytics/conversations/details?id=\(created.id),none",
                token: token)
            #expect(
                (got.json["conversations"] as? [[String: Any]])?.first as NSDictionary?
                    == conversation as NSDictionary)
        }
    }

    @Test func theMarkerIsFoundAmongMany() async throws {
        try await withSandbox(.at(ManualClock())) { sandbox in
            await sandbox.change { $0.indexesAddressTo = true }
            let token = try await sandbox.token()
            var ids: [String: String] = [:]
            for marker in ["a", "b", "c"] {
                ids[marker] = try await sandbox.created(token: token) {
                    $0["toAddress"] = marker
                }.id
            }
            let marked = filter(
                predicate("mediaType", "email"), predicate("provider", "Test Shop"),
                predicate("addressTo", "b"))
            let found = try await find(sandbox, token: token, segments: marked)
            #expect(found.ids == [ids["b"]])
            let either = filter(
                predicate("addressTo", "a"), predicate("addressTo", "c"), type: "or")
            let both = try await find(sandbox, token: token, segments: either)
            #expect(both.ids == [ids["a"], ids["c"]])
            let clauses = #"{"type": "and", "clauses": [\#(marked), \#(either)]}"#
            let none = try await find(sandbox, token: token, segments: clauses)
            #expect(none.totalHits == 0 && none.conversations == nil)
            let apart = filter(predicate("addressTo", "b"), predicate("queueId", demoQueue))
            #expect(try await find(sandbox, token: token, segments: apart).ids.isEmpty)
            let parted =
                filter(predicate("addressTo", "b")) + ","
                + filter(predicate("queueId", demoQueue))
            #expect(try await find(sandbox, token: token, segments: parted).ids == [ids["b"]])
        }
    }

    @Test func addressesAndSubjectAreUnknownUnlessTheSwitchSaysSo() async throws {
        try await withSandbox(.at(ManualClock())) { sandbox in
            let token = try await sandbox.token()
            let created = try await sandbox.created(token: token)
            for (dimension, value) in [
                ("addressTo", "marker-1"), ("addressFrom", "jane@example.com"),
                ("subject", "Where is my order?"),
            ] {
                let filter = filter(predicate(dimension, value))
                let found = try await find(sandbox, token: token, segments: filter)
                #expect(found.status == 200 && found.ids.isEmpty)
            }
            let found = try await find(
                sandbox, token: token, segments: filter(predicate("participantName", "Jane Roe")))
            #expect(found.ids == [created.id])
            let participants = try #require(
                found.conversations?.first?["participants"] as? [[String: Any]])
            let sessions = try #require(participants[0]["sessions"] as? [[String: Any]])
            #expect(sessions[0]["addressTo"] == nil && sessions[0]["addressFrom"] == nil)
            let segments = try #require(sessions[0]["segments"] as? [[String: Any]])
            #expect(segments[0]["subject"] == nil)
        }
    }

    @Test func aConversationShowsUpWhenItIsOldEnough() async throws {
        let clock = ManualClock()
        try await withSandbox(.at(clock)) { sandbox in
            await sandbox.change { $0.analyticsLag = 30 }
            let token = try await sandbox.token()
            let created = try await sandbox.created(token: token)
            let path = "/api/v2/analytics/conversations/details?id=\(created.id)"
            clock.move(by: 29.9)
            #expect(try await find(sandbox, token: token).ids.isEmpty)
            let early = try await sandbox.call("GET", path, token: token)
            #expect(early.status == 200 && early.json["conversations"] == nil)
            clock.move(by: 0.1)
            #expect(try await find(sandbox, token: token).ids == [created.id])
            let late = try await sandbox.call("GET", path, token: token)
            #expect((late.json["conversations"] as? [Any])?.count == 1)
        }
    }

    @Test func onlyWhatBeganInTheIntervalIsFoundInItsOrderAndPages() async throws {
        let clock = ManualClock()
        try await withSandbox(.at(clock)) { sandbox in
            let token = try await sandbox.token()
            var ids: [String] = []
            for _ in 0..<5 {
                ids.append(try await sandbox.created(token: token).id)
                clock.move(by: 60)
            }
            let part = try await find(
                sandbox, token: token,
                interval: "2027-01-15T08:01:00.000Z/2027-01-15T09:03:00+01:00")
            #expect(part.ids == Array(ids[1...2]))
            let page = try await find(
                sandbox, token: token,
                more: #", "order": "desc", "paging": {"pageSize": 2, "pageNumber": 2}"#)
            #expect(page.ids == [ids[2], ids[1]])
            #expect(page.totalHits == 5)
            let beyond = try await find(
                sandbox, token: token, more: #", "paging": {"pageSize": 100, "pageNumber": 2}"#)
            #expect(beyond.conversations == nil && beyond.totalHits == 5)
        }
    }

    @Test func theTagAndTheEndAreDimensionsOfTheConversation() async throws {
        try await withSandbox(.at(ManualClock())) { sandbox in
            let token = try await sandbox.token()
            let first = try await sandbox.created(token: token)
            let second = try await sandbox.created(token: token)
            for call in ConversationCall.changes[0...1] {
                _ = try await sandbox.call(call, on: second, token: token)
            }
            for ended in [
                filter(predicate("externalTag", "tag-1")),
                filter(#"{"dimension": "conversationEnd", "operator": "exists"}"#),
                filter(predicate("conversationId", second.id)),
            ] {
                let found = try await find(sandbox, token: token, conversations: ended)
                #expect(found.ids == [second.id])
                #expect(found.conversations?.first?["conversationEnd"] as? String != nil)
                #expect(found.conversations?.first?["externalTag"] as? String == "tag-1")
            }
            let open = filter(#"{"dimension": "conversationEnd", "operator": "notExists"}"#)
            #expect(try await find(sandbox, token: token, conversations: open).ids == [first.id])
        }
    }

    @Test(arguments: [
        ("{}", "interval"), (#"{"interval": "2027-01-15T08:00:00Z"}"#, "interval"),
        (#"{"interval": "2027-01-15T08:00:00Z/2027-01-15T08:00:00Z"}"#, "interval"),
        (#"{"interval": "yesterday/today"}"#, "interval"),
        (#"{"interval": "2027-01-01T00:00:00Z/2027-02-01T00:00:00.001Z"}"#, "interval"),
        (#"{"interval": "\#(hour)", "limit": 1}"#, "limit"),
        (#"{"interval": "\#(hour)", "order": "up"}"#, "order"),
        (#"{"interval": "\#(hour)", "orderBy": "subject"}"#, "orderBy"),
        (
            #"{"interval": "\#(hour)", "paging": {"pageSize": 101, "pageNumber": 1}}"#,
            "paging.pageSize"
        ),
        (
            #"{"interval": "\#(hour)", "paging": {"pageSize": 10, "pageNumber": 0}}"#,
            "paging.pageNumber"
        ),
        (#"{"interval": "\#(hour)", "paging": {"pageSize": 10}}"#, "paging.pageNumber"),
        (
            #"{"interval": "\#(hour)", "segmentFilters": [{"type": "and"}]}"#,
            "segmentFilters.0.predicates"
        ),
        (
            #"{"interval": "\#(hour)", "segmentFilters": [{"type": "and", "predicates": [{"dimension": "externalTag", "value": "a"}]}]}"#,
            "segmentFilters.0.predicates.0.dimension"
        ),
        (
            #"{"interval": "\#(hour)", "conversationFilters": [{"type": "and", "predicates": [{"dimension": "subject", "value": "a"}]}]}"#,
            "conversationFilters.0.predicates.0.dimension"
        ),
        (
            #"{"interval": "\#(hour)", "segmentFilters": [{"type": "and", "predicates": [{"dimension": "subject"}]}]}"#,
            "segmentFilters.0.predicates.0.value"
        ),
        (
            #"{"interval": "\#(hour)", "segmentFilters": [{"type": "and", "clauses": [{"type": "or", "clauses": []}]}]}"#,
            "segmentFilters.0.clauses.0.clauses"
        ),
    ])
    func aQueryThatDoesNotFitIsRefusedByName(body: String, field: String) async throws {
        try await withSandbox { sandbox in
            let answer = try await sandbox.call(
                "POST", queryPath, token: try await sandbox.token(), body: body)
            #expect(answer.status == 400)
            #expect(answer.message?.hasPrefix("\(field): ") == true, "\(answer.body)")
        }
    }

    @Test(arguments: [("POST", queryPath), ("GET", "/api/v2/analytics/conversations/details?id=a")])
    func aQueryNeedsItsPermission(method: String, path: String) async throws {
        try await withSandbox { sandbox in
            await sandbox.change {
                $0.clients[0].permissions.removeAll { $0.hasPrefix("analytics:") }
            }
            let answer = try await sandbox.call(
                method, path, token: try await sandbox.token(), body: "{}")
            #expect(answer.status == 403)
        }
    }
}
