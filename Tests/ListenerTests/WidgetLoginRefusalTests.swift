import ExactJSON
import Listener
import Outbox
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15))) struct WidgetLoginRefusalTests {
    private let scene = WidgetScene()

    /// A refusal says why, and neither logs anybody in nor tells of anybody.
    private func expectRefusal(_ answer: Client.Answer, _ status: Int = 403) {
        #expect(answer.status == status)
        #expect(answer["location"] == nil)
        #expect(!answer.cookies.contains { $0.hasPrefix("__Host-bridge-session") })
        #expect(answer.settings?["error"]?.string?.isEmpty == false)
        #expect(answer.settings?["handover"] == nil)
        #expect(!answer.text.contains("Sam Carter"))
    }

    @Test func aStolenStateIsOfNoUseWithoutItsCookie() async throws {
        try await scene.serve { victim in
            let address = try await victim.agree()
            expectRefusal(try await victim.other().get(address))
        }
    }

    @Test func aStolenStateIsOfNoUseWithAnothersCookie() async throws {
        try await scene.serve { victim in
            let address = try await victim.agree()
            let thief = victim.other()
            _ = try await thief.get("/widget/login?mode=frame")
            expectRefusal(try await thief.get(address))
            let own = try #require(thief.loginCookie.flatMap { thief.cookies[$0] })
            thief.cookies[try #require(victim.loginCookie)] = own
            expectRefusal(try await thief.get(address))
            #expect(try await thief.get("/widget/api/session").status == 401)
        }
    }

    @Test func aChangedCookieIsNone() async throws {
        try await scene.serve { browser in
            let address = try await browser.agree()
            let name = try #require(browser.loginCookie)
            let sealed = try #require(browser.cookies[name])
            let last = sealed.last == "A" ? "B" : "A"
            for changed in [
                "", "x", String(sealed.dropFirst()), "A" + sealed, sealed.dropLast(2) + last + last,
            ] {
                browser.cookies[name] = changed
                expectRefusal(try await browser.get(address))
            }
            browser.cookies[name] = sealed
            #expect(try await browser.get(address).status == 302)
        }
    }

    @Test func aLoginHasToBeDoneInTenMinutes() async throws {
        try await scene.serve { browser in
            let soon = try await browser.agree()
            scene.clock.advance(by: .seconds(599))
            #expect(try await browser.get(soon).status == 302)
            browser.cookies = [:]
            let late = try await browser.agree()
            scene.clock.advance(by: .seconds(600))
            expectRefusal(try await browser.get(late))
        }
    }

    @Test func aCodeIsUsedOnce() async throws {
        try await scene.serve { browser in
            let address = try await browser.agree()
            let cookies = browser.cookies
            #expect(try await browser.get(address).status == 302)
            #expect(browser.loginCookie == nil)
            browser.cookies = [:]
            expectRefusal(try await browser.get(address))
            browser.cookies = cookies
            expectRefusal(try await browser.get(address))
        }
    }

    @Test func aCallbackMayBringAnErrorInsteadOfACode() async throws {
        try await scene.serve { browser in
            let login = try await browser.get("/widget/login?mode=frame&lang=fr")
            let state = try scene.genesys.agree(to: try #require(login["location"])).state
            let words = "%3C%2Fbody%3E%3Cscript%3Ealert(1)%3C/script%3E%22%27%26"
            let answer = try await browser.get(
                "/widget/callback?state=\(state)&error=access_denied&error_description=\(words)")
            expectRefusal(answer)
            #expect(
                answer.settings?["error"]?.string
                    == "access_denied: </body><script>alert(1)</script>\"'&")
            #expect(answer.settings?["lang"] == "fr")
            #expect(answer.settings?["back"] == "/widget?lang=fr&returned=1")
            #expect(!answer.text.contains("alert(1)</script>"))
        }
    }

    @Test func anErrorThatNobodyAskedForIsNotShown() async throws {
        try await scene.serve { browser in
            let answer = try await browser.get("/widget/callback?error=x&error_description=Call+me")
            expectRefusal(answer)
            #expect(!answer.text.contains("Call me"))
        }
    }

    @Test(arguments: [
        (LoginError.refused("the client is not approved"), 403),
        (.foreign("the account belongs to another organisation"), 403),
        (.unavailable("Genesys does not answer"), 503),
    ])
    func whoeverGenesysDoesNotLogInIsToldWhy(_ error: LoginError, _ status: Int) async throws {
        try await scene.serve { browser in
            scene.genesys.fail(with: error)
            let answer = try await browser.logIn()
            expectRefusal(answer, status)
            #expect(browser.loginCookie == nil)
            let words = answer.settings?["error"]?.string ?? ""
            #expect("\(error)".contains(words))
        }
    }

    @Test(arguments: ["cross-site", "same-site", "none"])
    func aPageOfAnotherSiteCannotHaveAWindowLogIn(_ site: String) async throws {
        try await scene.serve { browser in
            let path = "/widget/login?mode=popup&challenge=\(WidgetProof().challenge)"
            let answer = try await browser.get(path, [("Sec-Fetch-Site", site)])
            #expect(answer.status == 403)
            #expect(answer.json?["code"] == "forbidden_origin")
            #expect(answer.cookies.isEmpty)
            #expect(try await browser.get(path, [("Sec-Fetch-Site", "same-origin")]).status == 302)
        }
    }

    @Test(arguments: [
        [], [("X-Bridge", "0")], [("X-Bridge", "1"), ("Origin", "https://evil.example")],
        [("X-Bridge", "1"), ("Origin", "null")],
        [("X-Bridge", "1"), ("Origin", "http://bridge.example.com")],
        [("X-Bridge", "1"), ("Sec-Fetch-Site", "cross-site")],
        [("X-Bridge", "1"), ("Sec-Fetch-Site", "same-site"), ("Origin", WidgetScene.origin)],
    ])
    func aPageOfAnotherSiteChangesNothing(_ fields: [(String, String)]) async throws {
        let proof = WidgetProof()
        try await scene.serve { browser in
            try await browser.logIn()
            let end = try await browser.send("DELETE", "/widget/api/session", fields)
            #expect(end.status == 403)
            #expect(end.json?["code"] == "forbidden_origin")
            #expect(try await browser.get("/widget/api/session").status == 200)

            let code = try await browser.other().handover(for: proof)
            let taken = try await browser.take(code, proof, fields)
            #expect(taken.status == 403)
            #expect(taken.cookies.isEmpty)
            #expect(try await browser.take(code, proof).status == 200)
        }
    }
}
