/// Why there is no answer, split by what the server may have seen.
public enum TransportError: Error, Equatable {
    /// The server cannot have seen the request: it never left, because resolving, connecting,
    /// the proxy or the TLS handshake failed, or because the request itself is malformed.
    case notSent(String)

    /// The server may have acted on the request: a timeout, a reset, a truncated or too large
    /// answer, a cancellation, a shutdown.
    case unknown(String)
}
