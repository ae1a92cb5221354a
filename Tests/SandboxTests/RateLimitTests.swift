import Foundation
import Testing

@testable import Sandbox

@Suite("Rate limit", .timeLimit(.minutes(15)))
struct RateLimitTests {
    @Test func aWindowCountsUpToItsLimitAndStartsAnew() {
        var window = RateWindow()
        let limit = Sandbox.Limit(requests: 2, seconds: 60)
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        func count(after seconds: Double) -> RateWindow.Reading {
            window.count(at: start + seconds, limit: limit)
        }
        #expect(count(after: 0) == .init(count: 1, allowed: 2, reset: 60, exceeded: false))
        #expect(count(after: 17.5) == .init(count: 2, allowed: 2, reset: 43, exceeded: false))
        #expect(count(after: 59.9) == .init(count: 2, allowed: 2, reset: 1, exceeded: true))
        #expect(count(after: 60) == .init(count: 1, allowed: 2, reset: 60, exceeded: false))
    }

    @Test func everyAnswerSaysWhatIsLeft() async throws {
        let clock = ManualClock()
        var options = Sandbox.Options()
        options.now = { clock.now() }
        try await withSandbox(options) { sandbox in
            let token = try await sandbox.token()
            #expect(try await sandbox.create(token: token).headers["inin-ratelimit-count"] == "1")
            clock.move(by: 20)
            let wrong = try await sandbox.create(token: token, body: "{}")
            #expect(wrong.status == 400)
            #expect(wrong.headers["inin-ratelimit-count"] == "2")
            #expect(wrong.headers["inin-ratelimit-allowed"] == "300")
            #expect(wrong.headers["inin-ratelimit-reset"] == "40")
        }
    }

    @Test func oneTooManyIs429UntilTheWindowEnds() async throws {
        let clock = ManualClock()
        var options = Sandbox.Options()
        options.now = { clock.now() }
        options.limit = Sandbox.Limit(requests: 1, seconds: 20)
        try await withSandbox(options) { sandbox in
            let token = try await sandbox.token()
            #expect(try await sandbox.create(token: token).status == 200)
            clock.move(by: 5)
            let refused = try await sandbox.create(token: token)
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == "15")
            #expect(refused.headers["inin-ratelimit-count"] == "1")
            #expect(refused.code == "too.many.requests.retry.after")
            #expect(
                refused.message
                    == "Rate limit exceeded the maximum. Retry the request in [15] seconds")
            #expect((refused.json["limit"] as? [String: Any])?["value"] as? Int == 1)
            #expect(await sandbox.conversations().count == 1)
            clock.move(by: 15)
            #expect(try await sandbox.create(token: token).status == 200)
        }
    }

    @Test func eachTokenHasAWindowOfItsOwn() async throws {
        var options = Sandbox.Options()
        options.limit = Sandbox.Limit(requests: 1)
        try await withSandbox(options) { sandbox in
            let tokens = [try await sandbox.token(), try await sandbox.token()]
            for token in tokens {
                #expect(try await sandbox.create(token: token).status == 200)
                #expect(try await sandbox.create(token: token).status == 429)
            }
        }
    }

    @Test func theTokensOfAClientShareAWindowWhereTheSwitchSaysSo() async throws {
        var options = Sandbox.Options()
        options.limit = Sandbox.Limit(requests: 3)
        options.settings.limitPer = .client
        options.settings.clients.append(.init(id: "other", secret: "other-secret"))
        try await withSandbox(options) { sandbox in
            let tokens = [try await sandbox.token(), try await sandbox.token()]
            let other = try #require(
                try await sandbox.logIn(id: "other", secret: "other-secret")
                    .json["access_token"] as? String)
            #expect(try await sandbox.create(token: tokens[0]).status == 200)
            #expect(try await sandbox.create(token: tokens[0]).status == 200)
            let third = try await sandbox.create(token: tokens[1])
            #expect(third.headers["inin-ratelimit-count"] == "3")
            #expect(try await sandbox.create(token: tokens[0]).status == 429)
            #expect(try await sandbox.create(token: other).status == 200)
        }
    }

    @Test(arguments: [#"{"requests": 0}"#, #"{"requests": null}"#, "{}"])
    func aLimitIsLiftedOverHTTP(body: String) async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            let set = try await sandbox.call(
                "POST", "/sandbox/limits", body: #"{"requests": 1, "seconds": 9}"#)
            #expect(set.status == 200)
            let first = try await sandbox.create(token: token)
            #expect(first.headers["inin-ratelimit-allowed"] == "1")
            #expect(first.headers["inin-ratelimit-reset"] == "9")
            #expect(try await sandbox.create(token: token).status == 429)
            #expect(try await sandbox.call("POST", "/sandbox/limits", body: body).status == 200)
            let free = try await sandbox.create(token: token)
            #expect(free.status == 200)
            #expect(free.headers["inin-ratelimit-allowed"] == "1000000000")
        }
    }
}
