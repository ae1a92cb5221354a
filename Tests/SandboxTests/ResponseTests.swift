import Foundation
import Sandbox
import Testing

private let general = "8e9f0c1e-0000-4000-8000-000000000001"
private let billing = "8e9f0c1e-0000-4000-8000-000000000002"
private let responses = "/api/v2/responsemanagement/responses"

@Suite("Canned responses", .timeLimit(.minutes(15)))
struct ResponseTests {
    @Test func areInTheLibrariesThatAQueueNames() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token(ofAgent: sam)
            for (queue, ids) in [(demoQueue, [general]), (demoBilling, [general, billing])] {
                let answer = try await sandbox.call(
                    "GET", "/api/v2/routing/queues/\(queue)", token: token)
                let canned = try #require(
                    answer.json["cannedResponseLibraries"] as? [String: Any])
                #expect(canned["mode"] as? String == "SelectedOnly")
                #expect(canned["libraryIds"] as? [String] == ids)
            }
            let libraries = try await sandbox.call(
                "GET", "/api/v2/responsemanagement/libraries?pageSize=1&pageNumber=2",
                token: token)
            let entities = try #require(libraries.json["entities"] as? [[String: Any]])
            #expect(entities.map { $0["id"] as? String } == [billing])
            #expect(libraries.json["total"] as? Int == 2)
            #expect(libraries.json["pageCount"] as? Int == 2)
        }
    }

    @Test func areListedByLibrary() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token(ofAgent: sam)
            let path = "\(responses)?libraryId=\(billing)"
            let answer = try await sandbox.call("GET", path, token: token)
            let entities = try #require(answer.json["entities"] as? [[String: Any]])
            #expect(
                entities.compactMap { $0["name"] as? String }
                    == ["Thank you", "Invoice", "Refund"])
            let refund = entities[2]
            let texts = try #require(refund["texts"] as? [[String: Any]])
            #expect(texts[0]["contentType"] as? String == "text/plain")
            #expect((texts[0]["content"] as? String)?.contains("{{customer.name}}") == true)
            let substitutions = try #require(refund["substitutions"] as? [[String: Any]])
            #expect(
                substitutions.compactMap { $0["id"] as? String } == [
                    "agent.name", "customer.name", "order.currency", "order.total", "refund.days",
                ])
            #expect(substitutions[4]["defaultValue"] as? String == "5")
            let page = try await sandbox.call(
                "GET", "\(path)&pageSize=2&pageNumber=2", token: token)
            #expect((page.json["entities"] as? [Any])?.count == 1)
            #expect(try await sandbox.call("GET", responses, token: token).status == 400)
            let unknown = try await sandbox.call(
                "GET", "\(responses)?libraryId=none", token: token)
            #expect(unknown.status == 404)
        }
    }

    @Test(arguments: [
        (#"{"queryPhrase": "PARCEL"}"#, 1),
        (#"{"queryPhrase": "{{order.number}}"}"#, 3),
        (#"{"filters": [{"name": "libraryId", "operator": "IN", "values": ["\#(general)"]}]}"#, 4),
        (
            #"{"filters": [{"name": "libraryId", "operator": "NOTEQUALS", "values": ["\#(general)"]}]}"#,
            2
        ),
        (
            #"{"filters": [{"name": "text.contentType", "operator": "EQUALS", "values": ["text/html"]}]}"#,
            1
        ),
        (#"{"pageSize": 4, "pageNumber": 2}"#, 2),
    ])
    func areFoundByPhraseAndFilter(query: String, count: Int) async throws {
        try await withSandbox { sandbox in
            let answer = try await sandbox.call(
                "POST", "\(responses)/query", token: try await sandbox.token(ofAgent: sam),
                body: query)
            let results = try #require(answer.json["results"] as? [String: Any])
            #expect((results["entities"] as? [Any])?.count == count)
        }
    }

    @Test func areRefusedWithoutThePermission() async throws {
        try await withSandbox { sandbox in
            await sandbox.change { settings in
                settings.agents[0].permissions.removeAll { $0.hasPrefix("responses:") }
            }
            let token = try await sandbox.token(ofAgent: sam)
            for path in ["\(responses)?libraryId=\(general)", "\(responses)/none"] {
                let answer = try await sandbox.call("GET", path, token: token)
                #expect(answer.status == 403 && answer.code == "missing.permissions")
            }
            let wide = try await sandbox.call(
                "POST", "\(responses)/query", token: try await sandbox.token(ofAgent: robin),
                body: #"{"pageSize": 501}"#)
            #expect(wide.status == 400)
        }
    }
}
