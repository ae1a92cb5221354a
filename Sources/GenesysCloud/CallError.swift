import CurlTransport

/// Why a call has no answer of the API's.
public enum CallError: Error, Sendable, Equatable {
    /// The call was never made: its host, or the login host before it, could not be reached.
    case unreachable(String)
    /// The login host refuses the client, or the API its fresh token.
    case unauthorized(String)
    /// The call may have been carried out.
    case unknown(String)
}

extension TransportError {
    var reason: String {
        switch self {
        case .notSent(let reason), .unknown(let reason): reason
        }
    }
}
