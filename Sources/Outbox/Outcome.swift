/// What an attempt taught us about one delivery; the retry policy turns it into a verdict.
public enum Outcome: Sendable, Equatable {
    /// The destination has it, under this name.
    case delivered(reference: String?)
    /// The request cannot have reached the destination: resolving, connecting or the TLS handshake failed.
    case unreachable(String)
    /// The destination asks to wait; nothing was done.
    case throttled(after: Duration, String)
    /// The destination does not accept our credentials (401): concerns every route.
    case unauthorized(String)
    /// The route's configuration is refused (403, wrong queue): concerns this route's entries alike.
    case misconfigured(String)
    /// The conversation it was to join has ended; nothing was done.
    case gone(String)
    /// Refused for good by what it is; another try would be refused the same.
    case refused(String)
    /// It may or may not have been done, and repeating it could do it twice.
    case unknown(String)
    /// It failed and may safely be repeated, no sooner than `after`.
    case failed(after: Duration?, String)

    /// One word for logs, metrics and the attempt's record.
    public var label: String {
        switch self {
        case .delivered: "delivered"
        case .unreachable: "unreachable"
        case .throttled: "throttled"
        case .unauthorized: "unauthorized"
        case .misconfigured: "misconfigured"
        case .gone: "gone"
        case .refused: "refused"
        case .unknown: "unknown"
        case .failed: "failed"
        }
    }

    /// Why, for the person who reads it; never customer text or a secret.
    public var reason: String? {
        switch self {
        case .delivered: nil
        case .unreachable(let reason), .throttled(_, let reason), .unauthorized(let reason),
            .misconfigured(let reason), .gone(let reason), .refused(let reason),
            .unknown(let reason), .failed(_, let reason):
            reason
        }
    }
}

/// What came of one attempt, and the evidence.
public struct Report: Sendable, Equatable {
    public var outcome: Outcome
    /// The HTTP status, where there was an answer.
    public var status: Int?
    /// The destination's own id of the request, which its support asks for.
    public var correlation: String?

    public init(_ outcome: Outcome, status: Int? = nil, correlation: String? = nil) {
        self.outcome = outcome
        self.status = status
        self.correlation = correlation
    }
}
