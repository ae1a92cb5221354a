import Foundation
import Sandbox
import Testing

@Suite("Mail on behalf of a queue", .timeLimit(.minutes(15)))
struct OutboundTests {
    private static func body(_ change: (inout [String: Any]) -> Void = { _ in }) throws -> String {
        try createBody {
            $0 = [
                "provider": "PureCloud Email", "direction": "OUTBOUND", "queueId": demoQueue,
                "toAddress": "jane@example.com", "toName": "Jane Roe", "subject": "Your order",
            ]
            change(&$0)
        }
    }

    @Test func isWithTheAgentWhoStartsIt() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token(ofAgent: sam)
            let created = try await sandbox.create(token: token, body: try Self.body())
            #expect(created.status == 200)
            let sides = try #require(created.json["participants"] as? [[String: Any]])
            #expect(sides.map { $0["purpose"] as? String } == ["customer", "agent"])
            #expect(sides.map { $0["state"] as? String } == ["connected", "connected"])
            #expect(sides.map { $0["direction"] as? String } == ["outbound", "outbound"])
            #expect(sides[0]["address"] as? String == "jane@example.com")
            #expect(sides[1]["address"] as? String == "support@demo-shop.example")
            #expect(sides[1]["startAlertingTime"] == nil)
            let own = try await sandbox.call("GET", createPath, token: token)
            #expect((own.json["entities"] as? [Any])?.count == 1)
        }
    }

    @Test func needsAnAgentAPermissionAndAnAddress() async throws {
        try await withSandbox { sandbox in
            let client = try await sandbox.create(
                token: try await sandbox.token(), body: try Self.body())
            #expect(client.status == 400 && client.code == "not.a.user")
            let token = try await sandbox.token(ofAgent: sam)
            let billing = try await sandbox.create(
                token: token, body: try Self.body { $0["queueId"] = demoBilling })
            #expect(billing.code == "email.outbound.queue.address.required")
            let nowhere = try await sandbox.create(
                token: token, body: try Self.body { $0["queueId"] = nil })
            #expect(nowhere.code == "email.outbound.queue.required")
            await sandbox.change { settings in
                settings.agents[0].permissions.removeAll { $0 == "conversation:email:create" }
            }
            let bare = try await sandbox.create(token: token, body: try Self.body())
            #expect(bare.status == 403 && bare.code == "missing.permissions")
            #expect(await sandbox.conversations().isEmpty)
        }
    }

    @Test(arguments: [false, true])
    func hasARouteThatTheQueueNames(expands: Bool) async throws {
        try await withSandbox { sandbox in
            await sandbox.change {
                $0.expandsOutboundRoute = expands
                $0.clients[0].permissions.append("routing:email:manage")
            }
            let client = try await sandbox.token()
            let queue = try await sandbox.call(
                "GET", "/api/v2/routing/queues/\(demoQueue)", token: client)
            let address = try #require(queue.json["outboundEmailAddress"] as? [String: Any])
            let domain = try #require(address["domain"] as? [String: Any])
            #expect(domain["id"] as? String == "demo-shop.example")
            let bare = try #require(address["route"] as? [String: Any])
            #expect(bare["pattern"] as? String == (expands ? "support" : nil))
            let uri = try #require(bare["selfUri"] as? String)
            let route = try await sandbox.call("GET", uri, token: client)
            #expect(route.json["pattern"] as? String == "support")
            let agent = try await sandbox.call(
                "GET", uri, token: try await sandbox.token(ofAgent: sam))
            #expect(agent.status == 403)
            let billing = try await sandbox.call(
                "GET", "/api/v2/routing/queues/\(demoBilling)", token: client)
            #expect(billing.json["outboundEmailAddress"] == nil)
        }
    }

    @Test func anAgentListsWhatIsStillTheirs() async throws {
        try await Desk.with { desk in
            func own(_ token: String) async throws -> Int? {
                let answer = try await desk.sandbox.call("GET", createPath, token: token)
                return answer.json["total"] as? Int
            }
            #expect(try await own(desk.sam) == 0)
            let participant = try await desk.accepted()
            #expect(try await own(desk.sam) == 1)
            #expect(try await own(desk.robin) == 0)
            _ = try await desk.patch(participant, #"{"state": "disconnected"}"#)
            #expect(try await own(desk.sam) == 1)
            _ = try await desk.patch(participant, #"{"wrapup": {"code": "\#(resolved)"}}"#)
            #expect(try await own(desk.sam) == 0)
            let client = try await desk.sandbox.call("GET", createPath, token: desk.client)
            #expect(client.code == "not.a.user")
        }
    }
}
