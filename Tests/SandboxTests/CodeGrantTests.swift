import Foundation
import Sandbox
import Testing

@Suite("Codes of agents' logins", .timeLimit(.minutes(15)))
struct CodeGrantTests {
    @Test(arguments: [nil, "demo-widget-secret"])
    func areExchangedForATokenOfTheAgentAtTheClient(secret: String?) async throws {
        try await withSandbox { sandbox in
            let code = try await Browser(sandbox).code(ofAgent: robin)
            let answer = try await sandbox.exchange(code, secret: secret)
            #expect(answer.status == 200)
            #expect(answer.json["token_type"] as? String == "bearer")
            #expect(answer.json["expires_in"] as? Int == 86_400)
            let token = try #require(answer.json["access_token"] as? String)
            let me = try await sandbox.call("GET", "/api/v2/users/me", token: token)
            #expect(me.json["id"] as? String == robin)
            let about = try await sandbox.call("GET", "/api/v2/tokens/me", token: token)
            let client = try #require(about.json["OAuthClient"] as? [String: Any])
            #expect(client["id"] as? String == "demo-widget")
        }
    }

    @Test func areExchangedWithTheSecretAloneWhereTheLoginHadNoChallenge() async throws {
        try await withSandbox { sandbox in
            let bare = Browser.login {
                $0["code_challenge"] = nil
                $0["code_challenge_method"] = nil
            }
            let browser = Browser(sandbox)
            let bareAndPublic = try await sandbox.exchange(
                try await browser.code(ofAgent: sam, bare), secret: nil, verifier: nil)
            #expect(bareAndPublic.status == 400)
            #expect(bareAndPublic.json["error"] as? String == "invalid_client")
            let verified = try await sandbox.exchange(try await browser.code(ofAgent: sam, bare))
            #expect(verified.json["error"] as? String == "invalid_grant")
            let answer = try await sandbox.exchange(
                try await browser.code(ofAgent: sam, bare), verifier: nil)
            #expect(answer.status == 200)
        }
    }

    @Test func areOfNoUseWithAnotherVerifierClientOrAddress() async throws {
        try await withSandbox { sandbox in
            let browser = Browser(sandbox)
            let other = String(repeating: "v", count: 43)
            for answer in [
                try await sandbox.exchange(try await browser.code(), verifier: other),
                try await sandbox.exchange(try await browser.code(), verifier: nil),
                try await sandbox.exchange(
                    try await browser.code(), client: "other-widget",
                    secret: "other-widget-secret"),
                try await sandbox.exchange(
                    try await browser.code(),
                    redirectURI: "http://localhost:8080/widget/callback"),
                try await sandbox.exchange("none"),
            ] {
                #expect(answer.status == 400)
                #expect(answer.json["error"] as? String == "invalid_grant")
                #expect(answer.json["description"] is String)
                #expect(answer.json["access_token"] == nil)
            }
        }
    }

    @Test func areBurntByAWrongExchangeAndByARightOne() async throws {
        try await withSandbox { sandbox in
            let browser = Browser(sandbox)
            let missed = try await browser.code()
            _ = try await sandbox.exchange(missed, verifier: nil)
            #expect(try await sandbox.exchange(missed).status == 400)
            let used = try await browser.code()
            #expect(try await sandbox.exchange(used).status == 200)
            #expect(try await sandbox.exchange(used).status == 400)
        }
    }

    @Test func lastAMinute() async throws {
        let clock = ManualClock()
        try await withSandbox(.at(clock)) { sandbox in
            let browser = Browser(sandbox)
            let early = try await browser.code()
            let late = try await browser.code()
            clock.move(by: 59)
            #expect(try await sandbox.exchange(early).status == 200)
            clock.move(by: 1)
            let answer = try await sandbox.exchange(late)
            #expect(answer.json["error"] as? String == "invalid_grant")
        }
    }

    @Test func areForClientsOfTheirKindOnly() async throws {
        try await withSandbox { sandbox in
            let code = try await Browser(sandbox).code()
            for (id, secret, text) in [
                ("demo", "demo-secret", "client not found"),
                ("demo-widget", "wrong", "authentication failed"),
            ] {
                let answer = try await sandbox.exchange(code, client: id, secret: secret)
                #expect(answer.status == 400)
                #expect(answer.json["error"] as? String == "invalid_client")
                #expect(answer.json["description"] as? String == text)
            }
            let widget = try await sandbox.logIn(id: "demo-widget", secret: "demo-widget-secret")
            #expect(widget.json["error"] as? String == "invalid_client")
        }
    }

    @Test func standInNoJournalNorDoesWhatTheyAreExchangedFor() async throws {
        try await withSandbox { sandbox in
            let code = try await Browser(sandbox).code()
            let answer = try await sandbox.exchange(code)
            let token = try #require(answer.json["access_token"] as? String)
            let journal = try await sandbox.call("GET", "/sandbox/journal")
            #expect(journal.body.contains("/oauth/authorize"))
            #expect(journal.body.contains("\(sam)#1"))
            for secret in [code, token, Browser.verifier] {
                #expect(!journal.body.contains(secret))
            }
        }
    }

    @Test func giveTokensThatCanBeTakenBack() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token(ofAgent: sam)
            let other = try await sandbox.token(ofAgent: sam)
            let gone = try await sandbox.call("DELETE", "/api/v2/tokens/me", token: token)
            #expect(gone.status == 200)
            #expect(try await sandbox.call("GET", "/api/v2/users/me", token: token).status == 401)
            #expect(try await sandbox.call("GET", "/api/v2/users/me", token: other).status == 200)
        }
    }
}
