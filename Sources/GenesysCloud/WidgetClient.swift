/// The OAuth client that agents log in with (grant "Code Authorization", with PKCE besides).
public struct WidgetClient: Sendable {
    public var id: String
    /// `nil` for a client that has none.
    public var secret: String?

    public init(id: String, secret: String?) {
        self.id = id
        self.secret = secret
    }
}
