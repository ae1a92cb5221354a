import CurlTransport
public import ExactJSON
import Outbox

/// What the API answered, whatever its status.
public struct Answer: Sendable {
    public var status: Int
    /// `nil` where the body is no JSON: a gateway in front may answer with a page.
    public var body: JSON?
    /// `ININ-Correlation-Id`: what Genesys' support asks for.
    public var correlation: String?
    /// How long to wait, where the answer says so.
    public var retryAfter: Duration?

    init(_ response: TransportResponse) {
        status = response.status
        body = try? JSON(parsing: response.body)
        correlation = response.header("ININ-Correlation-Id").map { String($0.prefix(64)) }
        retryAfter = Self.wait(response, body)
    }

    /// The code of the error body, such as `missing.permissions`.
    public var code: String? { body?["code"]?.string }

    /// The status, code and message of an error, for a person.
    ///
    /// The message is Genesys' own; it is cut short since a gateway may send anything.
    public var complaint: String {
        let message = body?["message"]?.string ?? "no message"
        return "\(status) \(code ?? "without a code"): \(message.prefix(200))"
    }

    /// `Retry-After`, else the end of the window, else the seconds in the text of the error.
    private static func wait(_ response: TransportResponse, _ body: JSON?) -> Duration? {
        guard response.status == 429 || response.status == 503 else { return nil }
        let seconds =
            response.header("Retry-After").flatMap { Int($0) }
            ?? response.header("inin-ratelimit-reset").flatMap { Int($0) }
            ?? body?["message"]?.string.flatMap(bracketed)
        return seconds.map(wait(ofSeconds:))
    }

    /// No longer than an hour, whatever the number.
    fileprivate static func wait(ofSeconds count: Int) -> Duration {
        .seconds(min(max(0, count), 3600))
    }

    /// The number in square brackets, as in `Retry the request in [42] seconds`.
    private static func bracketed(_ text: String) -> Int? {
        guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]")
        else { return nil }
        return Int(text[text.index(after: open)..<close])
    }
}

extension Quota {
    /// From the `inin-ratelimit-*` headers, which every answer of the API bears; `nil` also where they count calls
    /// below none or beyond a billion.
    init?(_ response: TransportResponse) {
        guard let used = response.header("inin-ratelimit-count").flatMap({ Int($0) }),
            let allowed = response.header("inin-ratelimit-allowed").flatMap({ Int($0) }),
            let reset = response.header("inin-ratelimit-reset").flatMap({ Int($0) }),
            [used, allowed].allSatisfy((0...1_000_000_000).contains)
        else { return nil }
        self.init(used: used, allowed: allowed, resetsAfter: Answer.wait(ofSeconds: reset))
    }
}
