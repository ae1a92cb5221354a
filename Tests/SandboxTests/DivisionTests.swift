import Foundation
import Sandbox
import Testing

private let dana = "5a6b0c1e-0000-4000-8000-000000000011"
private let kim = "5a6b0c1e-0000-4000-8000-000000000012"

@Suite("Divisions", .timeLimit(.minutes(15)))
struct DivisionTests {
    @Test func aSupervisorReadsWhatOthersHaveInTheirDivisionOnly() async throws {
        try await Desk.with { desk in
            _ = try await desk.accepted()
            let email = desk.conversation.path("/emails/{id}")
            let general = desk.conversation.path("/{id}")
            let supervisor = try await desk.sandbox.token(ofAgent: dana)
            let stranger = try await desk.sandbox.token(ofAgent: kim)
            for path in [email, general] {
                for token in [supervisor, desk.sam, desk.client] {
                    let answer = try await desk.sandbox.call("GET", path, token: token)
                    #expect(answer.status == 200)
                }
            }
            for (token, code) in [
                (stranger, "missing.division.permission"), (desk.robin, "missing.permissions"),
            ] {
                let first = try await desk.sandbox.call("GET", email, token: token)
                #expect(first.status == 403 && first.code == "not.authorized")
                let second = try await desk.sandbox.call("GET", general, token: token)
                #expect(second.status == 403 && second.code == code)
            }
        }
    }

    @Test func whoHasAConversationReadsItWhateverItsDivision() async throws {
        try await Desk.with { desk in
            _ = try await desk.offer(kim)
            let token = try await desk.sandbox.token(ofAgent: kim)
            for path in ["/emails/{id}", "/{id}"] {
                let answer = try await desk.sandbox.call(
                    "GET", desk.conversation.path(path), token: token)
                #expect(answer.status == 200)
            }
        }
    }

    @Test func analyticsShowTheCallersDivision() async throws {
        try await Desk.with(.at(ManualClock())) { desk in
            let path = "/api/v2/analytics/conversations/details?id=\(desk.conversation.id)"
            let query = """
                {"interval": "2027-01-15T07:00:00Z/2027-01-15T10:00:00Z"}
                """
            for (agent, count) in [(dana, 1), (kim, 0)] {
                let token = try await desk.sandbox.token(ofAgent: agent)
                let got = try await desk.sandbox.call("GET", path, token: token)
                #expect(got.status == 200)
                #expect((got.json["conversations"] as? [Any])?.count ?? 0 == count)
                let found = try await desk.sandbox.call(
                    "POST", queryPath, token: token, body: query)
                #expect(found.json["totalHits"] as? Int == count)
            }
            let agent = try await desk.sandbox.call("GET", path, token: desk.sam)
            #expect(agent.status == 403 && agent.code == "missing.permissions")
        }
    }

    @Test func aQueueOfAnotherDivisionIsRefused() async throws {
        try await withSandbox { sandbox in
            let path = "/api/v2/routing/queues/\(demoQueue)"
            let own = try await sandbox.call(
                "GET", path, token: try await sandbox.token(ofAgent: dana))
            #expect(own.status == 200)
            let division = try #require(own.json["division"] as? [String: Any])
            #expect(division["id"] as? String == Sandbox.Settings.homeDivision)
            let token = try await sandbox.token(ofAgent: kim)
            for other in [path, "\(path)/wrapupcodes"] {
                let answer = try await sandbox.call("GET", other, token: token)
                #expect(answer.status == 403 && answer.code == "missing.division.permission")
            }
        }
    }

    @Test func aConversationTakesTheDivisionOfItsQueue() async throws {
        try await withSandbox { sandbox in
            await sandbox.change {
                $0.queues[1].division = Sandbox.Settings.otherDivision
            }
            let client = try await sandbox.token()
            let created = try await sandbox.created(token: client) { $0["queueId"] = demoBilling }
            let path = created.path("/emails/{id}")
            let seen = try await sandbox.call(
                "GET", path, token: try await sandbox.token(ofAgent: kim))
            let divisions = try #require(seen.json["divisions"] as? [[String: Any]])
            let division = try #require(divisions.first?["division"] as? [String: Any])
            #expect(division["id"] as? String == Sandbox.Settings.otherDivision)
            let other = try await sandbox.call(
                "GET", path, token: try await sandbox.token(ofAgent: dana))
            #expect(other.status == 403)
        }
    }

    @Test func whereARightHoldsCanBeAsked() async throws {
        try await withSandbox { sandbox in
            await sandbox.change {
                let kimsPlace = $0.agents.firstIndex { $0.id == kim } ?? 0
                $0.agents[kimsPlace].everywhere = ["routing:queue:view"]
            }
            let token = try await sandbox.token(ofAgent: kim)
            func divisions(of permission: String) async throws -> (ids: [String], all: Bool?) {
                let answer = try await sandbox.call(
                    "GET",
                    "/api/v2/authorization/divisionspermitted/paged/me?permission=\(permission)",
                    token: token)
                let entities = try #require(answer.json["entities"] as? [[String: Any]])
                return (
                    entities.compactMap { $0["id"] as? String },
                    answer.json["allDivsPermitted"] as? Bool
                )
            }
            let own = try await divisions(of: "conversation:communication:view")
            #expect(own.ids == [Sandbox.Settings.otherDivision] && own.all == false)
            let every = try await divisions(of: "routing:queue:view")
            #expect(every.ids.count == 2 && every.all == true)
            #expect(try await divisions(of: "some:thing:else").ids == [])
            let bare = try await sandbox.call(
                "GET", "/api/v2/authorization/divisionspermitted/paged/me", token: token)
            #expect(bare.status == 400)
        }
    }

    @Test func aTokenTellsWhatItsAgentMayDo() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token(ofAgent: kim)
            let me = try await sandbox.call(
                "GET", "/api/v2/users/me?expand=organization,authorization", token: token)
            let authorization = try #require(me.json["authorization"] as? [String: Any])
            let permissions = try #require(authorization["permissions"] as? [String])
            #expect(permissions.contains("conversation:email:assign"))
            let division = try #require(me.json["division"] as? [String: Any])
            #expect(division["name"] as? String == "Wholesale")
        }
    }
}
