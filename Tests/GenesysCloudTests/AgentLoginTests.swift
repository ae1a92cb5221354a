import ExactJSON
import Outbox
import Testing

@testable import GenesysCloud

@Suite(.timeLimit(.minutes(15)))
struct AgentLoginTests {
    private let code = "the-code"
    private let verifier = "the-verifier-of-43-to-128-letters-0123456789"
    private let redirect = "https://bridge.example/widget/callback"

    @Test func sendsABrowserToTheLoginHostWithAllEncoded() async throws {
        try await ScriptedGenesys.with { genesys in
            let address = genesys.desk.address(
                state: "a b&c=d/ü", challenge: "x-y_z", redirect: redirect)
            let (path, query) = (address.split(separator: "?")[0], address.split(separator: "?")[1])
            #expect(path.hasSuffix("/oauth/authorize"))
            #expect(
                query.split(separator: "&") == [
                    "response_type=code", "client_id=\(ScriptedGenesys.widget)",
                    "redirect_uri=https%3A%2F%2Fbridge.example%2Fwidget%2Fcallback",
                    "state=a%20b%26c%3Dd%2F%C3%BC", "code_challenge=x-y_z",
                    "code_challenge_method=S256",
                ])
        }
    }

    @Test func learnsWhoseTheCodeIs() async throws {
        try await with { genesys in
            // Once the bridge knows its own organisation, the login host is asked for the agent alone.
            _ = try await logIn(genesys)
            let login = try await logIn(genesys)
            #expect(login.access.agent == ScriptedGenesys.agent.agent)
            #expect(login.access.token == "agent-token")
            #expect(login.lifetime == .seconds(3600))
            #expect(
                login.access.permissions == ["conversation:email:assign", "routing:queue:view"])
            #expect(
                genesys.form(of: "/oauth/token")
                    == "grant_type=authorization_code&code=the-code"
                    + "&redirect_uri=https%3A%2F%2Fbridge.example%2Fwidget%2Fcallback"
                    + "&code_verifier=\(verifier)")
            #expect(
                genesys.header("Authorization", of: "/oauth/token")
                    == "Basic MGEwYTBhMGEtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAxOndpZGdldC1zZWNyZXQ=")
            #expect(!genesys.calls.contains { $0.hasPrefix("DELETE") })
        }
    }

    @Test func aClientWithoutASecretNamesItselfInTheForm() async throws {
        try await with(secret: nil) { genesys in
            for _ in 0..<2 { _ = try await logIn(genesys) }
            let form = genesys.form(of: "/oauth/token") ?? ""
            #expect(form.hasSuffix("&client_id=\(ScriptedGenesys.widget)"))
            #expect(genesys.header("Authorization", of: "/oauth/token") == nil)
        }
    }

    @Test func theBridgesOwnOrganisationIsAskedForOnce() async throws {
        try await with { genesys in
            for _ in 0..<2 { _ = try await logIn(genesys) }
            let asked = genesys.calls.filter { $0 == "GET /api/v2/tokens/me bridge-token" }
            #expect(asked.count == 1)
        }
    }

    @Test func whereTheBridgesOwnOrganisationIsNotKnownNobodyIsLetIn() async throws {
        try await with { genesys in
            genesys.answer("GET /api/v2/tokens/me bridge-token", .json(500, [:]))
            #expect(await failure(genesys)?.isUnavailable == true)
            #expect(genesys.calls.last == "DELETE /api/v2/tokens/me agent-token")
        }
    }

    @Test(arguments: [
        ("organization", ["id": "0b0b0b0b-0000-4000-8000-000000000002"] as JSON),
        ("organization", JSON.null as JSON),
        ("OAuthClient", ["id": "0a0a0a0a-0000-4000-8000-000000000002"] as JSON),
        ("OAuthClient", [:] as JSON),
        ("clonedUser", ["id": "5a6b0c1e-0000-4000-8000-000000000009"] as JSON),
    ])
    func takesBackATokenThatIsNotForHere(member: String, value: JSON) async throws {
        try await with { genesys in
            genesys.answer("GET /api/v2/tokens/me", token.with(member, value))
            #expect(await failure(genesys)?.isForeign == true)
            #expect(genesys.calls.last == "DELETE /api/v2/tokens/me agent-token")
            #expect(!genesys.calls.contains { $0.contains("users/me") })
        }
    }

    @Test(arguments: ["inactive", "deleted"])
    func letsNobodyInWhoIsNotActive(state: String) async throws {
        try await with { genesys in
            genesys.answer(users, user.with("state", .string(state)))
            #expect(await failure(genesys) == .refused("the user is not active"))
            #expect(genesys.calls.last == "DELETE /api/v2/tokens/me agent-token")
        }
    }

    @Test(arguments: ["", "../me", "a b"])
    func letsNobodyInWithoutAPlainID(id: String) async throws {
        try await with { genesys in
            genesys.answer(users, user.with("id", .string(id)))
            #expect(await failure(genesys)?.isUnavailable == true)
        }
    }

    @Test(arguments: [400, 401, 403])
    func saysWhyTheCodeIsRefused(status: Int) async throws {
        try await with { genesys in
            genesys.answer(
                exchange,
                .json(
                    status,
                    ["error": "invalid_grant", "error_description": "authorization code expired"]))
            guard case .refused(let words) = await failure(genesys) else {
                Issue.record("a code was taken")
                return
            }
            #expect(words.contains("authorization code expired"))
            #expect(words.contains("widget.clientID"))
        }
    }

    @Test func repeatsNoSecretThatTheLoginHostSays() async throws {
        try await with { genesys in
            for secret in [code, verifier, "widget-secret"] {
                let long = String(repeating: "x", count: 198)
                for said in ["no \(secret) here", "\(long)\(secret)", "\(secret)\u{301}"] {
                    genesys.answer(exchange, .json(400, ["error_description": .string(said)]))
                    guard case .refused(let words) = await failure(genesys) else {
                        Issue.record("a code was taken")
                        return
                    }
                    #expect(words.contains("(400: no reason)"))
                }
            }
        }
    }

    @Test func lostAnswersAndFailuresPass() async throws {
        try await with { genesys in
            for call in [exchange, "GET /api/v2/tokens/me", users] {
                for reply in [ScriptedGenesys.Reply.lost, .json(503, [:]), .json(429, [:])] {
                    genesys.prepare()
                    genesys.answer(call, reply)
                    #expect(await failure(genesys)?.isUnavailable == true)
                }
            }
            genesys.prepare()
            _ = try await logIn(genesys)
        }
    }

    @Test func takesTheTokenBackAtTheEnd() async throws {
        try await with { genesys in
            await genesys.desk.logOut(ScriptedGenesys.agent)
            #expect(genesys.calls == ["DELETE /api/v2/tokens/me agent-token"])
        }
    }

    // MARK: - What the login host and the API say

    private func with(
        secret: String? = "widget-secret",
        _ body: (ScriptedGenesys) async throws -> Void
    ) async throws {
        try await ScriptedGenesys.with(secret: secret) { genesys in
            genesys.prepare()
            try await body(genesys)
        }
    }

    private func logIn(_ genesys: ScriptedGenesys) async throws(LoginError) -> Login {
        try await genesys.desk.logIn(code: code, verifier: verifier, redirect: redirect)
    }

    private func failure(_ genesys: ScriptedGenesys) async -> LoginError? {
        do throws(LoginError) {
            _ = try await logIn(genesys)
            return nil
        } catch {
            return error
        }
    }
}

private let exchange = "POST /oauth/token authorization_code"
private let users = "GET /api/v2/users/me?expand=authorization"
private let token: JSON = [
    "organization": ["id": .string(ScriptedGenesys.organization), "name": "Acme"],
    "OAuthClient": ["id": .string(ScriptedGenesys.widget.uppercased())], "clonedUser": .null,
]
private let user: JSON = [
    "id": .string(ScriptedGenesys.agent.agent.id), "name": "Sam", "state": "active",
    "authorization": ["permissions": ["conversation:email:assign", "routing:queue:view"]],
]

extension ScriptedGenesys {
    /// An agent can log in.
    fileprivate func prepare() {
        answer(
            exchange, ["access_token": "agent-token", "token_type": "bearer", "expires_in": 3600])
        answer("GET /api/v2/tokens/me", token)
        answer(
            "GET /api/v2/tokens/me bridge-token",
            ["organization": ["id": .string(ScriptedGenesys.organization)]])
        answer(users, user)
    }
}

extension JSON {
    fileprivate func with(_ name: String, _ value: JSON) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != name } + [Member(name, value)])
    }
}

extension LoginError {
    fileprivate var isForeign: Bool { if case .foreign = self { true } else { false } }
    fileprivate var isUnavailable: Bool { if case .unavailable = self { true } else { false } }
}
