import Foundation
import Sandbox
import Testing

@Suite("API", .timeLimit(.minutes(15)))
struct APITests {
    @Test func aCreateIsAnsweredWithTheConversationAndItsParticipants() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            let answer = try await sandbox.create(token: token)
            #expect(answer.status == 200)
            let id = try #require(answer.json["id"] as? String)
            #expect(UUID(uuidString: id) != nil && id == id.lowercased())
            #expect(answer.json["selfUri"] as? String == "\(createPath)/\(id)")
            let participants = try #require(answer.json["participants"] as? [[String: Any]])
            #expect(participants.map { $0["purpose"] as? String } == ["customer", "acd"])
            #expect(participants[0]["name"] as? String == "Jane Roe")
            #expect(participants[0]["address"] as? String == "jane@example.com")
            #expect(participants[0]["provider"] as? String == "Test Shop")
            #expect(participants[0]["subject"] as? String == "Where is my order?")
            #expect(participants[0]["attributes"] as? [String: String] == ["order.number": "1042"])
            let deep = try await sandbox.call("GET", "/api/v2/conversations/\(id)", token: token)
            let sides = try #require(deep.json["participants"] as? [[String: Any]])
            let sessions = try #require(sides[1]["emails"] as? [[String: Any]])
            #expect(participants[0]["peer"] as? String == sessions[0]["id"] as? String)
            #expect(participants[1]["name"] as? String == "Shop Support")
        }
    }

    @Test func aConversationIsReadInBothShapes() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            let created = try await sandbox.create(token: token)
            let id = try #require(created.json["id"] as? String)
            let email = try await sandbox.call("GET", "\(createPath)/\(id)", token: token)
            #expect(email.status == 200)
            #expect(email.json as NSDictionary == created.json as NSDictionary)
            let general = try await sandbox.call(
                "GET", "/api/v2/conversations/\(id)", token: token)
            #expect(general.status == 200)
            #expect(general.json["endTime"] == nil)
            #expect((general.json["startTime"] as? String)?.hasSuffix("Z") == true)
            let participants = try #require(general.json["participants"] as? [[String: Any]])
            #expect((participants[0]["emails"] as? [Any])?.count == 1)
            #expect((participants[0]["calls"] as? [Any])?.isEmpty == true)
            #expect(participants[0]["attributes"] as? [String: String] == ["order.number": "1042"])
        }
    }

    @Test(arguments: ["/api/v2/conversations/", "/api/v2/conversations/emails/"])
    func aConversationThatIsNotThereIs404(path: String) async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            for id in [UUID().uuidString, "no-id"] {
                let answer = try await sandbox.call("GET", path + id, token: token)
                #expect(answer.status == 404)
                #expect(answer.code == "conversation.error.conversation.not.found")
            }
        }
    }

    @Test func aFlowTakesAConversationWithoutAQueue() async throws {
        try await withSandbox { sandbox in
            let body = try createBody {
                $0["queueId"] = nil
                $0["flowId"] = demoFlow
            }
            let answer = try await sandbox.create(token: try await sandbox.token(), body: body)
            #expect(answer.status == 200)
            #expect((answer.json["participants"] as? [Any])?.count == 1)
            let conversation = try #require(await sandbox.conversations().first)
            #expect(conversation.flowId == demoFlow)
            #expect(conversation.state == .inFlow)
        }
    }

    @Test func theFirstParticipantIsExternalWhereTheSwitchSaysSo() async throws {
        try await withSandbox { sandbox in
            await sandbox.change { $0.purpose = .external }
            let answer = try await sandbox.create(token: try await sandbox.token())
            let participants = try #require(answer.json["participants"] as? [[String: Any]])
            #expect(participants[0]["purpose"] as? String == "external")
        }
    }

    @Test func aTokenTellsWhoseItIs() async throws {
        try await withSandbox { sandbox in
            let me = try await sandbox.call(
                "GET", "/api/v2/tokens/me", token: try await sandbox.token())
            #expect(me.status == 200)
            let organization = try #require(me.json["organization"] as? [String: String])
            #expect(organization["id"] == "3f6a0c1e-0000-4000-8000-000000000000")
            #expect(me.json["homeOrganization"] as? [String: String] == organization)
            let client = try #require(me.json["OAuthClient"] as? [String: Any])
            #expect(client["id"] as? String == "demo")
            #expect(client["authorizedGrantType"] as? String == "CLIENT-CREDENTIALS")
        }
    }

    @Test func aClientIsNoUser() async throws {
        try await withSandbox { sandbox in
            let answer = try await sandbox.call(
                "GET", "/api/v2/users/me?expand=authorization", token: try await sandbox.token())
            #expect(answer.status == 400)
            #expect(answer.code == "not.a.user")
        }
    }

    @Test func aQueueAndTheOrganizationAreRead() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            let queue = try await sandbox.call(
                "GET", "/api/v2/routing/queues/\(demoQueue)", token: token)
            #expect(queue.json["name"] as? String == "Shop Support")
            let none = try await sandbox.call(
                "GET", "/api/v2/routing/queues/\(demoFlow)", token: token)
            #expect(none.status == 404)
            #expect(none.code == "resource.not.found")
            let organization = try await sandbox.call(
                "GET", "/api/v2/organizations/me", token: token)
            #expect(organization.json["name"] as? String == "Sandbox Organization")
        }
    }

    @Test func theLimitsOfTheAPIAreRead() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            let path = "/api/v2/organizations/limits/namespaces/"
            let answer = try await sandbox.call("GET", path + "platform.api", token: token)
            let entities = try #require(answer.json["entities"] as? [[String: Any]])
            let limit = entities.first {
                $0["key"] as? String == "client.credentials.token.rate.per.minute"
            }
            #expect(limit?["value"] as? Int == 300)
            #expect(limit?["namespace"] as? String == "platform.api")
            #expect(entities.count == 5)
            let email = try await sandbox.call("GET", path + "email", token: token)
            #expect((email.json["entities"] as? [Any])?.isEmpty == true)
            #expect(try await sandbox.call("GET", path + "none", token: token).status == 404)
        }
    }

    @Test func anUnknownPathAndAWrongMethodAreRefusedInTheAPIsShape() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            let path = try await sandbox.call("GET", "/api/v2/nothing", token: token)
            #expect(path.status == 404)
            #expect(path.code == "not.found")
            #expect(path.json["status"] as? Int == 404)
            #expect(path.json["contextId"] as? String == path.headers["inin-correlation-id"])
            #expect(path.headers["inin-ratelimit-count"] == "1")
            let method = try await sandbox.call("DELETE", createPath, token: token)
            #expect(method.status == 405)
            #expect(method.headers["allow"] == "POST, GET")
            #expect(try await sandbox.call("GET", "/elsewhere").status == 404)
        }
    }

    @Test func withoutAGoodTokenNothingIsDone() async throws {
        try await withSandbox { sandbox in
            let none = try await sandbox.call("POST", createPath, body: createBody())
            #expect(none.status == 401)
            #expect(none.code == "authentication.required")
            let wrong = try await sandbox.create(token: "wrong")
            #expect(wrong.status == 401)
            #expect(wrong.code == "bad.credentials")
            #expect(await sandbox.conversations().isEmpty)
        }
    }

    @Test func aMissingPermissionIsNamed() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.change { $0.clients[0].permissions = ["routing:queue:view"] }
            let answer = try await sandbox.create(token: token)
            #expect(answer.status == 403)
            #expect(answer.code == "missing.permissions")
            #expect(answer.message?.hasSuffix("permission(s): conversation:email:create") == true)
            let queue = try await sandbox.call(
                "GET", "/api/v2/routing/queues/\(demoQueue)", token: token)
            #expect(queue.status == 200)
        }
    }

    @Test func expectIsAnsweredBeforeTheBodyComes() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            let connection = try sandbox.connect()
            let text = request(
                "POST", createPath, token: token, headers: ["Expect": "100-continue"],
                body: try createBody())
            let head = try #require(text.range(of: "\r\n\r\n")).upperBound
            connection.send(String(text[..<head]))
            #expect(await connection.readAnswer()?.status == 100)
            connection.send(String(text[head...]))
            #expect(await connection.readAnswer()?.status == 200)
        }
    }
}
