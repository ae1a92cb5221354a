import FoundationEssentials

/// Where a websocket is connected to: `wss://streaming.example/channels/…`, with a port of its own or without.
struct WebSocketAddress: Sendable, Equatable {
    var isSecure: Bool
    /// Without brackets, where it is an IPv6 address.
    var host: String
    var port: Int
    /// The path with its query.
    var target: String

    /// `nil` for anything but a `ws` or `wss` URI with a host.
    init?(_ uri: String) {
        guard let parts = URLComponents(string: uri),
            let scheme = parts.scheme?.lowercased(), scheme == "ws" || scheme == "wss",
            let host = parts.host.map(Self.bare), !host.isEmpty
        else { return nil }
        isSecure = scheme == "wss"
        self.host = host
        port = parts.port ?? (isSecure ? 443 : 80)
        guard (1...65_535).contains(port) else { return nil }
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        target = path + (parts.percentEncodedQuery.map { "?\($0)" } ?? "")
    }

    /// What the request names as its host.
    var authority: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
    }

    static func bare(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }
}
