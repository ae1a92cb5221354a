import CurlTransport
import ExactJSON
import Outbox
import Testing

@testable import GenesysCloud

/// Numbers that others choose: none may end the process, or stop it for long.
struct ForeignNumberTests {
    private let farthest = Timestamp(milliseconds: 1 << 42)

    @Test(arguments: [
        ("3600", 3600), ("0", 0), ("-1", 0), ("-9223372036854775808", 0),
        ("9223372036854775807", 38_880_000), ("9e18", 300), ("\"3600\"", 300), ("null", 300),
    ])
    func aTokenLivesNoLongerThanGenesysAllows(_ number: String, _ seconds: Int) throws {
        let body = try JSON(parsing: Array(#"{"access_token":"t","expires_in":\#(number)}"#.utf8))
        let lifetime = try #require(TokenEndpoint.grant(body)?.lifetime)
        #expect(lifetime == .seconds(seconds))
        #expect(farthest + lifetime >= farthest)
    }

    @Test(arguments: [
        ("30", 30), ("-30", 0), ("9223372036854775807", 3600), ("-9223372036854775808", 0),
    ])
    func theEndOfAWindowIsWithinAnHour(_ reset: String, _ seconds: Int) throws {
        let quota = try #require(told("1", "300", reset))
        #expect(quota.resetsAfter == .seconds(seconds))
    }

    @Test(arguments: ["-1", "-9223372036854775808", "9223372036854775807"])
    func absurdCountsOfCallsSayNothing(_ count: String) {
        #expect(told(count, "300", "30") == nil)
        #expect(told("1", count, "30") == nil)
    }

    @Test func whatIsHeededIsReckonedWith() {
        var bucket = TokenBucket(perMinute: 300, at: .zero)
        for (used, allowed) in [("0", "1000000000"), ("1000000000", "0")] {
            bucket.finish(told(used, allowed, "30"), at: .zero)
            _ = bucket.take(1, at: .zero)
        }
        #expect(bucket.take(1, at: .zero).retryAt == .seconds(30))
    }

    private func told(_ used: String, _ allowed: String, _ reset: String) -> Quota? {
        Quota(
            TransportResponse(
                status: 200,
                headers: [
                    ("inin-ratelimit-count", used), ("inin-ratelimit-allowed", allowed),
                    ("inin-ratelimit-reset", reset),
                ]))
    }
}
