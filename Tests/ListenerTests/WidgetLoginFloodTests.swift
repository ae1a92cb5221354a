import ExactJSON
import Foundation
import Logging
import Outbox
import TestSupport
import Testing

@testable import Listener

/// Anybody can come back from a login that they never made.
@Suite(.timeLimit(.minutes(15))) struct WidgetLoginFloodTests {
    private let scene = WidgetScene()

    @Test func aLoginIsExchangedOnceHoweverOftenItComesBack() async throws {
        try await scene.serve { browser in
            let state = try await state(of: browser)
            let cookies = browser.cookies
            for code in ["junk", "junk", "other"] {
                browser.cookies = cookies
                let answer = try await browser.get("/widget/callback?code=\(code)&state=\(state)")
                #expect(answer.status == 403)
            }
            #expect(scene.genesys.exchanges == 1)
        }
    }

    @Test func fewLoginsAreExchangedAtOnceAndTheNextComesBackLater() async throws {
        try await scene.serve { browser in
            scene.genesys.hold()
            let most = CodeExchanges.mostUnderWay
            var late: (browser: WidgetBrowser, path: String)?
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<most {
                    let visit = Visit(browser.other())
                    group.addTask { try await visit.browser.logIn().status }
                }
                while scene.genesys.exchanges < most { await Task.yield() }
                let other = browser.other()
                let path = try await other.agree("mode=frame&lang=de")
                let answer = try await other.get(path)
                #expect(answer.status == 503)
                #expect(answer["retry-after"] == "1")
                #expect(answer.settings?["back"] == "/widget?lang=de&returned=1")
                #expect(answer.cookies.isEmpty)
                #expect(scene.genesys.exchanges == most)
                late = (other, path)
                scene.genesys.release()
                for try await status in group { #expect(status == 302) }
            }
            let (other, path) = try #require(late)
            #expect(try await other.get(path).status == 302)
        }
    }

    @Test func fewLoginsFailInARow() throws {
        let clock = ManualClock()
        let exchanges = CodeExchanges(at: clock.uptime)
        func exchange(_ name: String, fails: Bool) -> CodeExchanges.Admission {
            let admission = exchanges.begin(name, at: clock.uptime)
            if admission == .begun { exchanges.end(hasFailed: fails, at: clock.uptime) }
            return admission
        }
        for number in 0..<200 { #expect(exchange("good-\(number)", fails: false) == .begun) }
        for number in 0..<CodeExchanges.mostFailures {
            #expect(exchange("bad-\(number)", fails: true) == .begun)
        }
        guard case .busy(let wait) = exchange("late", fails: false) else {
            Issue.record("it was begun")
            return
        }
        clock.advance(by: wait)
        #expect(exchange("late", fails: false) == .begun)
        // Known for as long as its cookie is good, and forgotten then.
        clock.advance(by: LoginAttempt.lifetime - .milliseconds(1))
        #expect(exchange("late", fails: false) == .usedBefore)
        clock.advance(by: .milliseconds(1))
        #expect(exchange("late", fails: false) == .begun)
    }

    @Test func whereAllThatAreKeptWereUsedLatelyNoneIsForgotten() {
        let clock = ManualClock()
        let exchanges = CodeExchanges(at: clock.uptime)
        for number in 0..<CodeExchanges.mostKept {
            #expect(exchanges.begin("\(number)", at: clock.uptime) == .begun)
            exchanges.end(hasFailed: false, at: clock.uptime)
        }
        #expect(exchanges.begin("new", at: clock.uptime) == .busy(retryAfter: .seconds(1)))
        #expect(exchanges.begin("0", at: clock.uptime) == .usedBefore)
        clock.advance(by: LoginAttempt.lifetime)
        #expect(exchanges.begin("new", at: clock.uptime) == .begun)
    }

    @Test func theLogHasTenLinesAndThenOneAMinute() async throws {
        let lines = Lines()
        var scene = scene
        scene.logger = Logger(label: "test") { _ in lines }
        scene.genesys.fail(with: .refused("invalid_grant"))
        func told() -> Int { lines.text.components(separatedBy: "was not logged in").count - 1 }
        try await scene.serve { browser in
            for _ in 0..<13 { try await browser.logIn() }
            #expect(told() == 10)
            scene.clock.advance(by: .seconds(60))
            try await browser.logIn()
            #expect(told() == 11)
            #expect(lines.text.contains("left_out"))
        }
    }

    private func state(of browser: WidgetBrowser) async throws -> String {
        let login = try await browser.get("/widget/login?mode=frame")
        return try scene.genesys.agree(to: try #require(login["location"])).state
    }
}

/// A browser that one task alone has.
private struct Visit: @unchecked Sendable {
    let browser: WidgetBrowser

    init(_ browser: WidgetBrowser) { self.browser = browser }
}
