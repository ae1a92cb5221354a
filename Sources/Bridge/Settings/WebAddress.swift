/// An `http` or `https` URL, for one fixed place: `https://shop.example.com/bridge/answers`.
struct WebAddress: Sendable, Equatable, CustomStringConvertible {
    /// The whole of it, with a query if there is one.
    let description: String
    let origin: Origin

    /// Reads a URL of visible ASCII characters without a user's name and without a fragment.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !text.contains("#"),
            let scheme = text.firstRange(of: "://")
        else { return nil }
        let end = text[scheme.upperBound...].firstIndex { "/?".contains($0) } ?? text.endIndex
        guard let origin = Origin(String(text[..<end])) else { return nil }
        description = text
        self.origin = origin
    }

    /// Without a query, which may be a secret.
    var shown: String { String(description.prefix { $0 != "?" }) }
}
