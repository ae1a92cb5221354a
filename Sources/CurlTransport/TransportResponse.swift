import CCurl

/// A complete HTTP answer, whatever its status.
public struct TransportResponse: Sendable {
    public var status: Int

    /// Of the final answer only, in the order received; no trailers.
    public var headers: [(name: String, value: String)]

    public var body: [UInt8]

    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, in any case.
    public func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }

    /// How long `Retry-After` asks to wait, which is seconds or a date; `nil` where it says neither.
    ///
    /// - Parameter now: in seconds since 1970 UTC; what a date is counted from.
    public func retryAfter(now: Int) -> Duration? {
        guard let text = header("Retry-After") else { return nil }
        if let seconds = Int(text) { return .seconds(max(0, seconds)) }
        let date = curl_getdate(text, nil)
        return date < 0 ? nil : .seconds(max(0, date - now))
    }
}
