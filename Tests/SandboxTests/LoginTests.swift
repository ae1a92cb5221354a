import Sandbox
import Testing

@Suite("Login", .timeLimit(.minutes(15)))
struct LoginTests {
    @Test func aClientGetsATokenThatNamesItsLifetime() async throws {
        var options = Sandbox.Options()
        options.settings.tokenLifetime = 300
        try await withSandbox(options) { sandbox in
            let answer = try await sandbox.logIn()
            #expect(answer.status == 200)
            #expect(answer.json["token_type"] as? String == "bearer")
            #expect(answer.json["expires_in"] as? Int == 300)
            #expect(answer.json["refresh_token"] == nil)
            #expect(answer.headers["inin-correlation-id"] != nil)
            #expect(answer.headers["inin-ratelimit-allowed"] == nil)
        }
    }

    @Test func aWrongSecretAndAnUnknownClientAreToldApart() async throws {
        try await withSandbox { sandbox in
            let secret = try await sandbox.logIn(secret: "wrong")
            #expect(secret.status == 400)
            #expect(secret.json["error"] as? String == "invalid_client")
            #expect(secret.json["description"] as? String == "authentication failed")
            #expect(secret.json["error_description"] as? String == "authentication failed")
            let client = try await sandbox.logIn(id: "nobody")
            #expect(client.status == 400)
            #expect(client.json["description"] as? String == "client not found")
        }
    }

    @Test func aBadClientIs401WhereTheSwitchSaysSo() async throws {
        try await withSandbox { sandbox in
            await sandbox.change { $0.badClientStatus = 401 }
            let answer = try await sandbox.logIn(secret: "wrong")
            #expect(answer.status == 401)
        }
    }

    @Test(arguments: [
        ("grant_type=password", "unsupported_grant_type"),
        ("", "invalid_request"),
        ("grant=client_credentials", "invalid_request"),
    ])
    func anotherGrantIsRefused(form: String, error: String) async throws {
        try await withSandbox { sandbox in
            let answer = try await sandbox.logIn(form: form)
            #expect(answer.status == 400)
            #expect(answer.json["error"] as? String == error)
        }
    }

    @Test func theLoginTakesPostAndAFormOnly() async throws {
        try await withSandbox { sandbox in
            let get = try await sandbox.call("GET", "/oauth/token")
            #expect(get.status == 405)
            #expect(get.headers["allow"] == "POST")
            let json = try await sandbox.call("POST", "/oauth/token", body: "{}")
            #expect(json.status == 400)
        }
    }

    @Test func aTokenEndsWithItsLifetime() async throws {
        let clock = ManualClock()
        var options = Sandbox.Options()
        options.settings.tokenLifetime = 300
        options.now = { clock.now() }
        try await withSandbox(options) { sandbox in
            let token = try await sandbox.token()
            clock.move(by: 299)
            #expect(try await sandbox.call("GET", "/api/v2/tokens/me", token: token).status == 200)
            clock.move(by: 1)
            let late = try await sandbox.call("GET", "/api/v2/tokens/me", token: token)
            #expect(late.status == 401)
            #expect(late.code == "bad.credentials")
        }
    }
}
