import ExactJSON
import Listener
import Logging
import Outbox
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15))) struct WidgetLoginTests {
    private let scene = WidgetScene()
    private let conversation = "7f9d2c1e-0f0a-4a53-9f3e-1b7f0c8f1a11"

    @Test func anAgentLogsInInTheTab() async throws {
        scene.genesys.allow(["conversation:communication:view"])
        try await scene.serve { browser in
            let stranger = try await browser.get("/widget/api/session")
            #expect(stranger.status == 401)
            #expect(stranger.json?["code"] == "signed_out")
            #expect(stranger.json?["login"] == "auto")
            #expect(stranger.json?["cookies"] == false)
            _ = try await browser.get("/widget")
            #expect(try await browser.get("/widget/api/session").json?["cookies"] == true)

            let back = try await browser.logIn("mode=frame&conversationId=\(conversation)&lang=de")
            #expect(back.status == 302)
            #expect(back["location"] == "/widget?conversationId=\(conversation)&lang=de&returned=1")
            let session = try await browser.get("/widget/api/session")
            #expect(session.status == 200)
            #expect(session.json?["agent"] == ["id": "a1", "name": "Sam Carter"])
            #expect(session.json?["supervisor"] == true)
            #expect(
                session.json?["expires_at"]?.string
                    == (scene.clock.now + .seconds(3600)).description)
        }
    }

    @Test func everyCookieIsForTheFrameAlone() async throws {
        let attributes = "; Secure; HttpOnly; Path=/; SameSite=None; Partitioned"
        try await scene.serve { browser in
            #expect(
                try await browser.get("/widget").cookies == ["__Host-bridge-probe=1\(attributes)"])
            let login = try await browser.get("/widget/login?mode=frame")
            let name = try #require(browser.loginCookie)
            let sealed = try #require(browser.cookies[name])
            #expect(login.cookies == ["\(name)=\(sealed)\(attributes); Max-Age=600"])
            let address = try #require(login["location"])
            let (code, state) = try scene.genesys.agree(to: address)
            let back = try await browser.get("/widget/callback?code=\(code)&state=\(state)")
            let secret = try #require(browser.cookies["__Host-bridge-session"])
            #expect(secret.utf8.count == 43)
            let removal = "\(name)=\(attributes); Max-Age=0"
            #expect(back.cookies == ["__Host-bridge-session=\(secret)\(attributes)", removal])
            let end = try await browser.send(
                "DELETE", "/widget/api/session", WidgetBrowser.own)
            #expect(end.status == 204)
            #expect(end.cookies == ["__Host-bridge-session=\(attributes); Max-Age=0"])
        }
    }

    @Test func severalTabsLogInAtOnce() async throws {
        try await scene.serve { browser in
            let first = try await browser.agree("mode=frame&lang=de")
            let second = try await browser.agree("mode=frame&lang=pl")
            #expect(try await browser.get(first)["location"] == "/widget?lang=de&returned=1")
            #expect(try await browser.get(second)["location"] == "/widget?lang=pl&returned=1")
            #expect(browser.loginCookie == nil)
        }
    }

    @Test func anAgentLogsInByAWindow() async throws {
        let proof = WidgetProof()
        try await scene.serve { tab in
            let window = tab.other()
            let page = try await window.logIn("mode=popup&challenge=\(proof.challenge)&lang=pl")
            #expect(page.status == 200)
            #expect(page["content-type"] == "text/html; charset=utf-8")
            #expect(page.settings?["origin"]?.string == WidgetScene.origin)
            #expect(page.settings?["lang"] == "pl")
            #expect(window.cookies["__Host-bridge-session"] == nil)
            let code = try #require(page.settings?["handover"]?.string)
            let answer = try await tab.take(code, proof)
            #expect(answer.status == 200)
            #expect(answer.json?["agent"]?["id"] == "a1")
            #expect(answer.json?["session"] == nil)
            #expect(try await tab.get("/widget/api/session").status == 200)
        }
    }

    @Test func aTabThatKeepsNoCookiesSendsAHeader() async throws {
        let proof = WidgetProof()
        try await scene.serve { tab in
            let code = try await tab.other().handover(for: proof)
            let secret = try await tab.take(code, proof, header: true).json?["session"]?.string
            tab.cookies = [:]
            #expect(try await tab.get("/widget/api/session").status == 401)
            let header = ("Authorization", "Bearer \(try #require(secret))")
            #expect(try await tab.get("/widget/api/session", [header]).status == 200)
        }
    }

    @Test func aCodeMayBeTyped() async throws {
        let proof = WidgetProof()
        try await scene.serve { tab in
            let code = try await tab.other().handover(for: proof)
            let typed = code.uppercased().replacing("-", with: " ").replacing("0", with: "O")
                .replacing("1", with: "l")
            #expect(try await tab.take(typed, proof).status == 200)
        }
    }

    @Test func aHandoverIsTakenOnce() async throws {
        let proof = WidgetProof()
        try await scene.serve { tab in
            let code = try await tab.other().handover(for: proof)
            #expect(try await tab.take(code, proof).status == 200)
            let again = try await tab.other().take(code, proof, header: true)
            #expect(again.status == 401)
            #expect(again.cookies.isEmpty)
            #expect(again.json?["agent"] == nil)
        }
    }

    @Test func aWrongProofBurnsAHandover() async throws {
        let proof = WidgetProof()
        try await scene.serve { tab in
            let code = try await tab.other().handover(for: proof)
            var wrong = proof
            wrong.text += "?"
            let refusal = try await tab.take(code, wrong, header: true)
            #expect(refusal.status == 401)
            #expect(refusal.cookies.isEmpty)
            #expect(scene.genesys.takenBack == ["genesys-token-1"])
            #expect(try await tab.take(code, proof).status == 401)
        }
    }

    @Test func aHandoverIsGoodForAMinute() async throws {
        let proof = WidgetProof()
        try await scene.serve { tab in
            let code = try await tab.other().handover(for: proof)
            let late = try await tab.other().handover(for: proof)
            scene.clock.advance(by: .seconds(59))
            #expect(try await tab.take(code, proof).status == 200)
            scene.clock.advance(by: .seconds(1))
            #expect(try await tab.take(late, proof).status == 401)
        }
    }

    @Test func aSessionOfAHandoverEndsWithItsTokenAllTheSame() async throws {
        let proof = WidgetProof()
        try await scene.serve { tab in
            let expected = (scene.clock.now + .seconds(3600)).description
            let code = try await tab.other().handover(for: proof)
            scene.clock.advance(by: .seconds(30))
            #expect(try await tab.take(code, proof).json?["expires_at"]?.string == expected)
        }
    }

    @Test(arguments: ["", "{", "[]", #"{"code":"x"}"#, #"{"code":1,"proof":"x"}"#])
    func aTakingWithoutCodeAndProofIsRefused(_ body: String) async throws {
        try await scene.serve { tab in
            let answer = try await tab.send(
                "POST", "/widget/api/session", WidgetBrowser.own, body: body)
            #expect(answer.status == 422)
            #expect(answer.json?["code"] == "invalid")
        }
    }

    @Test(arguments: [
        "", "challenge=", "challenge=short", "challenge=\(String(repeating: "<", count: 43))",
        "challenge=\(String(repeating: "A", count: 44))",
    ])
    func aWindowNeedsAChallenge(_ query: String) async throws {
        try await scene.serve { browser in
            let answer = try await browser.get("/widget/login?mode=popup&\(query)")
            #expect(answer.status == 400)
            #expect(answer.json?["field"] == "challenge")
            #expect(answer.cookies.isEmpty)
        }
    }

    @Test func anUnknownModeIsRefused() async throws {
        try await scene.serve { browser in
            let answer = try await browser.get("/widget/login?mode=other")
            #expect(answer.status == 400)
            #expect(answer.json?["field"] == "mode")
        }
    }

    @Test func onlyWhatIsPlainComesBackOutOfALogin() async throws {
        let values = [
            ("conversationId=\(conversation)", "/widget?conversationId=\(conversation)"),
            ("conversationId=https://evil.example", "/widget"),
            ("conversationId=\(conversation)%26x=1", "/widget"),
            ("conversationId=\(conversation)%00&x=1%23", "/widget"),
            ("conversationId=%20\(conversation.dropFirst())", "/widget"),
            (
                "gcHostOrigin=https://apps.mypurecloud.de",
                "/widget?gcHostOrigin=https://apps.mypurecloud.de"
            ),
            ("gcHostOrigin=https://apps.mypurecloud.de.evil.example", "/widget"),
            ("gcHostOrigin=https://evil.example", "/widget"),
            ("gcTargetEnv=prod-euw2", "/widget?gcTargetEnv=prod-euw2"),
            ("gcTargetEnv=a%0d%0aSet-Cookie:x", "/widget"),
            ("lang=en-us", "/widget?lang=en-us"), ("lang=%22%3E%3Cscript%3E", "/widget"),
            ("lang=\(String(repeating: "a", count: 36))", "/widget"), ("lang=", "/widget"),
            ("redirect=https://evil.example&next=//evil.example", "/widget"),
        ]
        try await scene.serve { browser in
            for (query, page) in values {
                let back = try await browser.logIn("mode=frame&\(query)")
                let mark = page.contains("?") ? "&" : "?"
                #expect(back["location"] == "\(page)\(mark)returned=1", "\(query)")
            }
        }
    }

    @Test func nothingABrowserGetsHasAToken() async throws {
        let proof = WidgetProof()
        let lines = Lines()
        var scene = scene
        scene.logger = Logger(label: "test") { _ in lines }
        scene.logger.logLevel = .trace
        let proofText = proof.text
        try await scene.serve { tab in
            var seen: [Client.Answer] = []
            seen.append(try await tab.get("/widget/login"))
            seen.append(try await tab.logIn())
            seen.append(try await tab.get("/widget/api/session"))
            let code = try await tab.other().handover(for: proof)
            seen.append(try await tab.take(code, proof, header: true))
            seen.append(try await tab.take(code, proof, header: true))
            let secret = try #require(tab.cookies["__Host-bridge-session"])
            scene.genesys.fail(with: .refused("invalid_grant"))
            seen.append(try await tab.logIn())
            for answer in seen {
                #expect(!(answer.head + answer.text).contains("genesys-token"))
            }
            let logged = lines.text
            #expect(logged.contains("invalid_grant"))
            for word in ["genesys-token", secret, proofText, code, "Sam Carter"] {
                #expect(!logged.contains(word))
            }
        }
    }
}
