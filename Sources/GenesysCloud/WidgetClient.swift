/// The OAuth client that agents log in with (grant "Code Authorization", with PKCE besides).
public struct WidgetClient: Sendable {
    public var id: String
    /// `nil` for a client that has none.
    public var secret: String?
    /// The organisation that the store is bound to; `nil` before it is, and that of the bridge's own client counts.
    public var organization: @Sendable () async throws -> String?

    public init(
        id: String, secret: String?, organization: @escaping @Sendable () async throws -> String?
    ) {
        self.id = id
        self.secret = secret
        self.organization = organization
    }
}
