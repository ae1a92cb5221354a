import CurlTransport
import Outbox
import Testing

@testable import GenesysCloud

struct CreateOutcomeTests {
    func outcome(
        _ status: Int, _ body: String = "{}", _ headers: [(String, String)] = []
    ) -> Outcome {
        Outcome(
            ofCreating: Answer(
                TransportResponse(
                    status: status, headers: headers.map { (name: $0.0, value: $0.1) },
                    body: Array(body.utf8))))
    }

    @Test func takesTheConversationsIdFromASuccess() {
        #expect(outcome(200, #"{"id":"c1"}"#) == .delivered(reference: "c1"))
    }

    @Test(arguments: [
        "{}", #"{"id":""}"#, "<html>", #"{"id":7}"#, #"{"id":"a\\nb"}"#, #"{"id":"../x"}"#,
    ])
    func doubtsASuccessThatNamesNoConversation(body: String) {
        #expect(outcome(200, body).label == "unknown")
    }

    @Test(arguments: [408, 409, 500, 501, 502, 503, 504, 599])
    func doubtsWhatMayHaveBeenDone(status: Int) {
        #expect(outcome(status, "<html>bad gateway</html>").label == "unknown")
    }

    @Test(arguments: [400, 405, 413, 415, 422])
    func takesARefusalOfTheBodyForGood(status: Int) {
        #expect(outcome(status, #"{"code":"bad.request"}"#).label == "refused")
    }

    @Test(arguments: [
        (400, "email.error.invalid.queue"), (400, "bad.flow.id"), (403, "missing.permissions"),
        (404, "not.found"), (302, ""),
    ])
    func blamesTheRouteForWhatItsSettingsCause(status: Int, code: String) {
        #expect(outcome(status, #"{"code":"\#(code)"}"#).label == "misconfigured")
    }

    @Test func waitsAsLongAsTheServerAsks() {
        let text =
            #"{"message":"Rate limit exceeded the maximum. Retry the request in [42] seconds"}"#
        func wait(_ headers: [(String, String)], _ body: String = "{}") -> Duration? {
            guard case .throttled(let wait, _) = outcome(429, body, headers) else { return nil }
            return wait
        }
        #expect(wait([("Retry-After", "7"), ("inin-ratelimit-reset", "9")], text) == .seconds(7))
        #expect(wait([("inin-ratelimit-reset", "9")], text) == .seconds(9))
        #expect(wait([], text) == .seconds(42))
        #expect(wait([]) == .seconds(60))
        #expect(wait([("Retry-After", "-5")]) == .zero)
        #expect(wait([("Retry-After", "999999999")]) == .seconds(3600))
    }

    @Test func neverQuotesALongPageOfAGateway() {
        let body = #"{"message":"\#(String(repeating: "x", count: 5000))"}"#
        #expect((outcome(400, body).reason ?? "").utf8.count < 300)
    }
}
