import FoundationEssentials

/// Which connections go through an HTTP proxy, by the variables that libcurl heeds for all other calls:
/// `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`.
public struct ProxyRules: Sendable {
    /// A proxy that is asked to `CONNECT`.
    struct Proxy: Sendable, Equatable {
        var host: String
        var port: Int
        /// What `Proxy-Authorization` says.
        var authorization: String?
    }

    private let variables: [String: String]

    /// - Parameter variables: the environment of the process.
    public init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// No proxy at all.
    public static let none = ProxyRules([:])

    /// The proxy for an address; `nil` if it is connected to directly.
    ///
    /// - Throws: if the variable that counts names no HTTP proxy.
    func proxy(for address: WebSocketAddress) throws(FeedError) -> Proxy? {
        // As libcurl has it: `HTTP_PROXY` in capitals may come from a request's header, and is not heeded.
        let names =
            address.isSecure
            ? ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
            : ["http_proxy", "all_proxy", "ALL_PROXY"]
        let found = names.first { !(variables[$0] ?? "").isEmpty }
        guard let found, let text = variables[found], !isExempt(address.host) else { return nil }
        let uri = text.contains("://") ? text : "http://\(text)"
        guard let parts = URLComponents(string: uri), parts.scheme?.lowercased() == "http",
            let host = parts.host, !host.isEmpty
        else {
            throw FeedError("\(found) names no HTTP proxy, such as http://proxy.example:3128")
        }
        let login = parts.user.map { "\($0):\(parts.password ?? "")" }
        return Proxy(
            host: WebSocketAddress.bare(host), port: parts.port ?? 1080,
            authorization: login.map { "Basic \(Data($0.utf8).base64EncodedString())" })
    }

    /// A host is exempt by its name, or by the end of it from a dot on.
    private func isExempt(_ host: String) -> Bool {
        let host = host.lowercased()
        let rules = (variables["no_proxy"] ?? variables["NO_PROXY"] ?? "").lowercased()
            .split { $0 == "," || $0 == " " }
        return rules.contains { rule in
            let name = WebSocketAddress.bare(String(rule.drop { $0 == "." }))
            return name == "*" || host == name || host.hasSuffix(".\(name)")
        }
    }
}
