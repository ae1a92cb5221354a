import CurlTransport
import LoopbackServer
import Outbox
import TestSupport
import Testing

@testable import ShopCallback

@Suite(.timeLimit(.minutes(15)))
struct CallbackOutcomeTests {
    let scene = Scene()

    @Test(arguments: ["200 OK", "201 Created", "202 Accepted", "204 No Content", "409 Conflict"])
    func theShopHasIt(status: String) async throws {
        #expect(try await scene.report(status).outcome == .delivered(reference: nil))
    }

    @Test func theShopHasItHoweverMuchItAnswers() async throws {
        let page = String(repeating: "x", count: 200_000)
        #expect(try await scene.report("200 OK", [], page).outcome == .delivered(reference: nil))
    }

    @Test func aProblemIsARefusalInTheShopsWords() async throws {
        let report = try await scene.report(
            "422 No", ["Content-Type: application/problem+json; charset=utf-8"],
            #"{"title":"Order is closed","detail":"Write to \u202e\r\n  another\u0007 one"}"#)
        #expect(
            report.outcome
                == .refused("Order is closed: Write to another one"))
        #expect(report.status == 422)
    }

    @Test(arguments: ["{}", "<html>", #"{"title":" \n "}"#, #"{"title":7}"#])
    func aProblemWithoutWordsIsARefusalToo(body: String) async throws {
        let report = try await scene.report(
            "422 No", ["Content-Type: Application/Problem+JSON"], body)
        #expect(report.outcome == .refused("422 without a reason"))
    }

    @Test func aLongRefusalIsCut() async throws {
        let report = try await scene.report(
            "422 No", ["Content-Type: application/problem+json"],
            #"{"title":"\#(String(repeating: "é", count: 500))"}"#)
        #expect(report.outcome.reason?.count == 300)
    }

    @Test func withoutAProblem422IsAFailure() async throws {
        let report = try await scene.report(
            "422 No", ["Content-Type: application/json"], #"{"title":"no"}"#)
        #expect(report.outcome == .failed(after: nil, "answered 422"))
    }

    @Test func aShopThatIsGoneStopsAndSaysWhatToDo() async throws {
        let report = try await scene.report("410 Gone", [], String(repeating: "x", count: 100_000))
        #expect(report.outcome.label == "misconfigured")
        #expect(report.outcome.reason?.contains("callbackURL") == true)
    }

    @Test(arguments: ["429 Slow Down", "503 Later"])
    func aShopThatAsksToWaitHasFailedAndIsGivenTheTime(status: String) async throws {
        func wait(_ header: String...) async throws -> Duration?? {
            guard case .failed(let wait, _) = try await scene.report(status, header).outcome else {
                return nil
            }
            return .some(wait)
        }
        #expect(try await wait("Retry-After: 120") == .some(.seconds(120)))
        // 65 s after the clock's 09:12:44.
        #expect(
            try await wait("Retry-After: Wed, 04 Mar 2026 09:13:49 GMT") == .some(.seconds(65)))
        #expect(try await wait("Retry-After: 99999999") == .some(.seconds(86_400)))
        #expect(try await wait("Retry-After: soon") == .some(nil))
        #expect(try await wait() == .some(nil))
    }

    /// `throttled` costs no attempt and has no end.
    @Test func aShopThatAlwaysAsksToWaitIsGivenUpWithItsLifetime() async throws {
        let outcome = try await scene.report("503 Later", ["Retry-After: 1"]).outcome
        let verdict = RetryPolicy.callback().verdict(
            on: outcome, of: scene.entry, age: .seconds(75 * 3600), now: scene.clock.now,
            chance: 0.5)
        #expect(verdict.state == .dead)
    }

    @Test(arguments: [
        "400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "405 No",
        "408 Slow", "413 Large", "500 Oops", "502 Bad Gateway", "504 Timeout", "299 Odd", "600 ?",
    ])
    func anyOtherAnswerIsAFailure(status: String) async throws {
        let expected = status.hasPrefix("2") ? "delivered" : "failed"
        #expect(try await scene.report(status).outcome.label == expected)
    }

    @Test func aRedirectIsNamedWithoutItsQueryAndNeverFollowed() async throws {
        let report = try await scene.report(
            "307 Over There", ["Location: https://me:secret@other.example/a/b?token=secret#x"])
        let reason = try #require(report.outcome.reason)
        #expect(report.outcome.label == "failed")
        #expect(reason.contains("https://other.example/a/b;"))
        #expect(!reason.contains("secret"))
    }

    @Test func aRedirectWithinThisMachineIsNotFollowed() async throws {
        let other = try LoopbackServer.shop()
        let report = try await scene.report("302 Found", ["Location: \(other.url)"])
        #expect(report.outcome.label == "failed")
        #expect(other.connectionCount == 0)
    }
}
