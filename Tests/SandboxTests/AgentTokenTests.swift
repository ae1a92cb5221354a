import Foundation
import Sandbox
import Testing

@Suite("Tokens of agents", .timeLimit(.minutes(15)))
struct AgentTokenTests {
    @Test func tellWhoTheAgentIs() async throws {
        try await withSandbox { sandbox in
            let login = try await sandbox.call("POST", "/sandbox/agents/\(sam)/token")
            let token = try #require(login.json["access_token"] as? String)
            let me = try await sandbox.call(
                "GET", "/api/v2/users/me?expand=organization,authorization", token: token)
            #expect(me.json["id"] as? String == sam)
            #expect(me.json["name"] as? String == "Sam Carter")
            #expect(me.json["state"] as? String == "active")
            let organization = try #require(me.json["organization"] as? [String: Any])
            #expect(organization["name"] as? String == "Sandbox Organization")
            let bare = try await sandbox.call("GET", "/api/v2/users/me", token: token)
            #expect(bare.json["organization"] == nil)
        }
    }

    @Test func belongToTheClientTheyLoggedInAt() async throws {
        try await withSandbox { sandbox in
            for (body, id) in [(nil, "demo-widget"), (#"{"client": "w"}"#, "w")] {
                let login = try await sandbox.call(
                    "POST", "/sandbox/agents/\(sam)/token", body: body)
                let token = try #require(login.json["access_token"] as? String)
                let me = try await sandbox.call("GET", "/api/v2/tokens/me", token: token)
                let client = try #require(me.json["OAuthClient"] as? [String: Any])
                #expect(client["id"] as? String == id)
                #expect(client["authorizedGrantType"] as? String == "CODE")
            }
        }
    }

    @Test func haveARateWindowOfTheirOwn() async throws {
        try await withSandbox { sandbox in
            await sandbox.allow(.init(requests: 1, seconds: 3600))
            let statuses = try await sandbox.statuses(of: [
                sandbox.token(), sandbox.token(ofAgent: sam), sandbox.token(ofAgent: sam),
            ])
            #expect(statuses == [200, 429, 200, 429, 200, 429])
        }
    }

    @Test func noneIsGivenToAnUnknownAgent() async throws {
        try await withSandbox { sandbox in
            await #expect(throws: Sandbox.Refusal.unknown("no agent none")) {
                try await sandbox.token(ofAgent: "none")
            }
            let answer = try await sandbox.call("POST", "/sandbox/agents/none/token")
            #expect(answer.status == 404)
            #expect(answer.json["error"] as? String == "no agent none")
        }
    }

    @Test func areForgottenWithTheRest() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token(ofAgent: sam)
            try await sandbox.forget()
            let me = try await sandbox.call("GET", "/api/v2/users/me", token: token)
            #expect(me.status == 401)
        }
    }
}

extension Sandbox {
    /// The statuses of two calls with each token.
    fileprivate func statuses(of tokens: [String]) async throws -> [Int] {
        var statuses: [Int] = []
        for token in tokens {
            for _ in 1...2 {
                statuses.append(
                    try await call("GET", "/api/v2/organizations/me", token: token).status)
            }
        }
        return statuses
    }
}
