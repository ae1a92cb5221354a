import CurlTransport

/// Why a call has no answer of the API's that its caller could use.
public enum CallError: Error, Sendable, Equatable {
    /// The call was never made: its host, or the login host before it, could not be reached.
    case unreachable(String)
    /// The login host refuses the client, or the API its fresh token.
    case unauthorized(String)
    /// The client's role does not allow calls of this kind (403), as this one or one before it showed.
    case forbidden(String)
    /// The call was not made: the month's share of its kind is used up.
    case spent(String)
    /// The call was not made: most of its kind have failed lately.
    case paused(String)
    /// The call may have been carried out.
    case unknown(String)

    /// For the person who reads it.
    public var reason: String {
        switch self {
        case .unreachable(let reason), .unauthorized(let reason), .forbidden(let reason),
            .spent(let reason), .paused(let reason), .unknown(let reason):
            reason
        }
    }
}

extension TransportError {
    var reason: String {
        switch self {
        case .notSent(let reason), .unknown(let reason): reason
        }
    }
}
