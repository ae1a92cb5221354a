import Crypto
import ExactJSON
import Foundation
import Listener
import Outbox
import TestSupport
import Testing

@testable import Listener

@Suite(.timeLimit(.minutes(15))) struct WidgetSessionTests {
    private let scene = WidgetScene()

    private func key(of browser: WidgetBrowser) throws -> [UInt8] {
        let secret = try #require(browser.cookies["__Host-bridge-session"])
        return Array(SHA256.hash(data: Data(secret.utf8)))
    }

    @Test func theStoreHasNeitherTheSecretNorTheTokenInClear() async throws {
        try await scene.serve { browser in
            try await browser.logIn()
            let secret = try #require(browser.cookies["__Host-bridge-session"])
            let sealed = try #require(try await scene.store.login(under: try key(of: browser)))
            let text = String(decoding: sealed, as: UTF8.self)
            for word in [secret, "genesys-token", "Sam"] { #expect(!text.contains(word)) }
        }
    }

    @Test func aSessionEndsWhenTheAgentSaysSo() async throws {
        try await scene.serve { browser in
            try await browser.logIn()
            let kept = browser.cookies
            let key = try key(of: browser)
            let end = try await browser.send("DELETE", "/widget/api/session", WidgetBrowser.own)
            #expect(end.status == 204)
            #expect(scene.genesys.takenBack == ["genesys-token-1"])
            #expect(try await scene.store.login(under: key) == nil)
            browser.cookies = kept
            let answer = try await browser.get("/widget/api/session")
            #expect(answer.status == 401)
            #expect(answer.json?["code"] == "signed_out")
            #expect(answer.json?["agent"] == nil)
        }
    }

    @Test func aSessionEndsWithItsToken() async throws {
        try await scene.serve { browser in
            try await browser.logIn()
            scene.clock.advance(by: .seconds(3599))
            #expect(try await browser.get("/widget/api/session").status == 200)
            scene.clock.advance(by: .seconds(1))
            #expect(try await browser.get("/widget/api/session").status == 401)
        }
    }

    @Test func theStoreIsAskedOnceInHalfAMinute() async throws {
        try await scene.serve { browser in
            try await browser.logIn()
            #expect(try await browser.get("/widget/api/session").status == 200)
            try await scene.store.dropLogin(under: try key(of: browser))
            scene.clock.advance(by: .seconds(29))
            #expect(try await browser.get("/widget/api/session").status == 200)
            scene.clock.advance(by: .seconds(1))
            #expect(try await browser.get("/widget/api/session").status == 401)
        }
    }

    @Test func aSessionOutlivesARestartWithTheSameKey() async throws {
        let cookies = try await scene.serve { browser in
            try await browser.logIn()
            return browser.cookies
        }
        try await scene.serve { browser in
            browser.cookies = cookies
            let answer = try await browser.get("/widget/api/session")
            #expect(answer.status == 200)
        }
    }

    @Test func aSessionOutlivesTheReplacementOfItsKey() async throws {
        let cookies = try await scene.serve { browser in
            try await browser.logIn()
            return browser.cookies
        }
        var rotated = scene
        rotated.settings.sessionKeys.insert(Array(repeating: 2, count: 32), at: 0)
        try await rotated.serve { browser in
            browser.cookies = cookies
            let answer = try await browser.get("/widget/api/session")
            #expect(answer.status == 200)
        }
        rotated.settings.sessionKeys.removeLast()
        try await rotated.serve { browser in
            browser.cookies = cookies
            let answer = try await browser.get("/widget/api/session")
            #expect(answer.status == 401)
        }
    }

    @Test func withoutAKeyALoginEndsWithTheProcess() async throws {
        var scene = scene
        scene.settings.sessionKeys = []
        let cookies = try await scene.serve { browser in
            try await browser.logIn()
            #expect(try await browser.get("/widget/api/session").status == 200)
            return browser.cookies
        }
        try await scene.serve { browser in
            browser.cookies = cookies
            let answer = try await browser.get("/widget/api/session")
            #expect(answer.status == 401)
        }
    }

    @Test(arguments: ["", "x", "Bearer", "A-secret-of-43-characters-that-nobody-drew-ever"])
    func aSecretThatNobodyWasGivenIsNone(_ secret: String) async throws {
        try await scene.serve { browser in
            browser.cookies["__Host-bridge-session"] = secret
            let byCookie = try await browser.get("/widget/api/session")
            #expect(byCookie.status == 401)
            browser.cookies = [:]
            let header = ("Authorization", "Bearer \(secret)")
            let byHeader = try await browser.get("/widget/api/session", [header])
            #expect(byHeader.status == 401)
        }
    }

    @Test func whatWasLookedUpBeforeAnEndIsNotKeptAfterIt() {
        let cache = SessionCache()
        let session = Session(
            key: [1], access: AgentAccess(agent: Agent(id: "a1"), token: "t"),
            expires: scene.clock.now)
        let before = cache.ends
        cache.end(session.key)
        cache.keep(session, at: .zero, unlessEndedSince: before)
        #expect(cache.session(under: session.key, at: .zero) == nil)
        cache.keep(session, at: .zero, unlessEndedSince: cache.ends)
        #expect(cache.session(under: session.key, at: .zero) == session)
    }
}

@Suite struct WidgetSessionSealTests {
    private let old = [UInt8](repeating: 1, count: 32)
    private let new = [UInt8](repeating: 2, count: 32)
    private let words = Array("a token".utf8)

    @Test func onlyWhatIsUnchangedOpens() {
        let seal = Seal([old], for: "session")
        let sealed = seal.close(words, at: [7])
        #expect(seal.open(sealed, at: [7]) == words)
        for place in sealed.indices {
            var changed = sealed
            changed[place] ^= 1
            #expect(seal.open(changed, at: [7]) == nil)
        }
        for length in 0..<sealed.count {
            #expect(seal.open(Array(sealed.prefix(length)), at: [7]) == nil)
        }
    }

    @Test func whatIsSealedOpensWhereItWasSealedAlone() {
        let seal = Seal([old], for: "session")
        let sealed = seal.close(words, at: [7])
        #expect(seal.open(sealed, at: [8]) == nil)
        #expect(Seal([old], for: "login").open(sealed, at: [7]) == nil)
        #expect(Seal([new], for: "session").open(sealed, at: [7]) == nil)
    }

    @Test func theFirstKeySealsAndAnyOpens() {
        let (before, after) = (Seal([old], for: "login"), Seal([new, old], for: "login"))
        #expect(after.open(before.close(words)) == words)
        #expect(before.open(after.close(words)) == nil)
    }

    @Test func noTwoSealsAreTheSame() {
        let seal = Seal([old], for: "session")
        #expect(seal.close(words) != seal.close(words))
    }

    @Test(arguments: ["a", "ab+/", "ab=", "ab==", "a b", "ä"])
    func whatIsNotBase64URLIsNothing(_ text: String) {
        #expect([UInt8](base64URL: text) == nil)
    }
}
