import Foundation
import Sandbox
import Testing

@Suite("The login's page", .timeLimit(.minutes(15)))
struct AuthorizeTests {
    @Test(arguments: [
        ("client_id", "demo"), ("client_id", "nobody"),
        ("redirect_uri", "http://127.0.0.1:8080/elsewhere"),
        ("redirect_uri", "http://127.0.0.1:8080@evil.example/widget/callback"),
        ("redirect_uri", "http://127.0.0.1:/widget/callback"),
        ("redirect_uri", "https://127.0.0.1:8080/widget/callback"),
    ])
    func leadsNowhereThatIsNotRegistered(name: String, value: String) async throws {
        try await withSandbox { sandbox in
            await sandbox.change { $0.loginError = "access_denied" }
            let answer = try await Browser(sandbox).get(Browser.login { $0[name] = value })
            #expect(answer.status == 400)
            #expect(answer.headers["location"] == nil)
            #expect(answer.headers["content-type"]?.hasPrefix("text/html") == true)
            #expect(!answer.body.contains("evil.example"))
        }
    }

    @Test func offersTheAgentsByFormAlone() async throws {
        try await withSandbox { sandbox in
            let page = try await Browser(sandbox).get(Browser.login { $0["login_hint"] = robin })
            #expect(page.status == 200)
            #expect(page.headers["cache-control"] == "no-store")
            #expect(!page.body.contains("<script"))
            let ids = page.body.matches(of: /data-agent="([^"]+)"/).map { String($0.1) }
            let agents = await sandbox.settings().agents.map(\.id)
            #expect(ids.first == robin)
            #expect(Set(ids) == Set(agents) && ids.count == agents.count)
            let policy = try #require(page.headers["content-security-policy"])
            #expect(policy.contains("form-action 'self' http://127.0.0.1:8080"))
            #expect(page.headers["x-frame-options"] == nil)
        }
    }

    @Test func bringsTheChoiceToTheClientAndRemembersIt() async throws {
        try await withSandbox { sandbox in
            let browser = Browser(sandbox)
            let chosen = try await browser.post(Browser.login(), "agent=\(sam)")
            #expect(chosen.status == 302)
            #expect(chosen.headers["location"]?.hasPrefix("\(Browser.callback)?") == true)
            #expect(chosen.parameters["state"] == "s t&1")
            #expect(
                chosen.headers["set-cookie"]?.contains("HttpOnly; SameSite=None; Secure") == true)
            let silent = try await browser.get(Browser.login())
            #expect(silent.status == 302)
            let code = try #require(silent.parameters["code"])
            #expect(code != chosen.parameters["code"])
            try await sandbox.forget()
            #expect(try await browser.get(Browser.login()).status == 200)
        }
    }

    @Test(arguments: [("prompt", "login"), ("login_hint", robin), ("", "")])
    func isShownDespiteASessionWhereItIsToBe(name: String, value: String) async throws {
        try await withSandbox { sandbox in
            let browser = Browser(sandbox)
            _ = try await browser.code()
            await sandbox.change { $0.loginShowsPage = name.isEmpty }
            let page = try await browser.get(Browser.login { $0[name] = value })
            #expect(page.status == 200)
            await sandbox.change { $0.loginShowsPage = false }
            let own = try await browser.get(Browser.login { $0["login_hint"] = sam })
            #expect(own.status == 302)
        }
    }

    @Test func takesNobodyWhoIsNoAgent() async throws {
        try await withSandbox { sandbox in
            let browser = Browser(sandbox)
            for form in ["agent=nobody", "agent", ""] {
                let answer = try await browser.post(Browser.login(), form)
                #expect(answer.status == 400 && answer.headers["location"] == nil)
            }
            #expect(browser.cookies.isEmpty)
        }
    }

    @Test func standsInNoFrameWhereTheSwitchSaysSo() async throws {
        try await withSandbox { sandbox in
            await sandbox.change { $0.loginRefusesFraming = true }
            let page = try await Browser(sandbox).get(Browser.login())
            #expect(page.headers["x-frame-options"] == "DENY")
            let policy = try #require(page.headers["content-security-policy"])
            #expect(policy.contains("frame-ancestors 'none'"))
        }
    }

    @Test func leadsBackWithAnErrorWhereTheSwitchSaysSo() async throws {
        try await withSandbox { sandbox in
            let body = #"{"loginError": "access_denied"}"#
            _ = try await sandbox.call("POST", "/sandbox/settings", body: body)
            let answer = try await Browser(sandbox).get(Browser.login())
            #expect(answer.status == 302)
            #expect(answer.parameters["error"] == "access_denied")
            #expect(answer.parameters["error_description"]?.isEmpty == false)
            #expect(answer.parameters["state"] == "s t&1")
            _ = try await sandbox.call(
                "POST", "/sandbox/settings", body: #"{"loginError": null}"#)
            #expect(try await Browser(sandbox).get(Browser.login()).status == 200)
        }
    }

    @Test(arguments: [
        ("response_type", "token", "unsupported_response_type"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
    ])
    func leadsBackWithWhatIsWrong(name: String, value: String, error: String) async throws {
        try await withSandbox { sandbox in
            let browser = Browser(sandbox)
            for answer in [
                try await browser.get(Browser.login { $0[name] = value }),
                try await browser.post(Browser.login { $0[name] = value }, "agent=\(sam)"),
            ] {
                #expect(answer.status == 302)
                #expect(answer.parameters["error"] == error)
                #expect(answer.parameters["code"] == nil)
            }
        }
    }
}
