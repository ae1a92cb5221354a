extension Sandbox {
    /// An OAuth client of the authorization-code kind: agents log in at it.
    public struct CodeClient: Codable, Sendable, Equatable {
        public var id: String
        public var secret: String
        /// Where the login may lead back to; a `*` in place of the port stands for any one.
        public var redirectURIs: [String]

        public init(
            id: String = Agent.defaultClient, secret: String = "demo-widget-secret",
            redirectURIs: [String] = CodeClient.localWidgets
        ) {
            self.id = id
            self.secret = secret
            self.redirectURIs = redirectURIs
        }

        /// The callbacks of a widget on this machine.
        public static let localWidgets = [
            "http://127.0.0.1:*/widget/callback", "http://localhost:*/widget/callback",
        ]
    }
}

extension Sandbox.CodeClient {
    func mayRedirect(to uri: String) -> Bool {
        redirectURIs.contains { pattern in
            let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
            guard parts.count == 2 else { return pattern == uri }
            guard uri.hasPrefix(parts[0]), uri.hasSuffix(parts[1]),
                uri.count > parts[0].count + parts[1].count
            else { return false }
            return uri.dropFirst(parts[0].count).dropLast(parts[1].count)
                .allSatisfy { $0.isASCII && $0.isNumber }
        }
    }
}
