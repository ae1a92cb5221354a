/// One HTTP request.
///
/// Redirects are never followed, and no request that may change something is ever sent twice:
/// libcurl by itself repeats only a `GET` or `HEAD` without body, when the kept connection it went
/// out on closes before the first byte of an answer.
public struct TransportRequest: Sendable {
    /// In capital letters, like `GET`.
    public var method: String

    /// Absolute, `http` or `https`.
    public var url: String

    /// Sent in this order, without control characters in name or value.
    public var headers: [(name: String, value: String)]

    /// Sent with its `Content-Length`; without one `POST`, `PUT` and `PATCH` say `Content-Length: 0`.
    public var body: [UInt8]?

    /// Upper bound of resolving, connecting and the TLS handshake together.
    public var connectTimeout: Duration

    /// Upper bound of the whole transfer, connecting and waiting for a connection included.
    public var timeout: Duration

    /// In bytes; a larger response body ends the transfer as `TransportError.unknown`.
    public var maxResponseBody: Int

    /// Reads a larger response body to its end all the same, and drops what is above the limit.
    public var cutsResponseBody = false

    /// Why no connection may be made to an address, `nil` where one may; asked on the transport's queue.
    ///
    /// It is asked once the name is resolved, so that no name can stand for another address than the one that
    /// was looked at. Behind a proxy the address is the proxy's. Where none may be used the request ends as
    /// `TransportError.notSent`, with the reason for the last one. A kept connection is not asked for again:
    /// requests to one host have one rule.
    public var refusalOfAddress: (@Sendable (IPAddress) -> String?)?

    /// Given the body of a 2xx answer piece by piece as it comes, on the transport's queue, in place of
    /// the response: for an answer that goes on and on.
    public var onBody: (@Sendable ([UInt8]) -> Void)?

    public init(
        method: String = "GET",
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        connectTimeout: Duration = .seconds(5),
        timeout: Duration = .seconds(30),
        maxResponseBody: Int = 1 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.maxResponseBody = maxResponseBody
    }
}
