import HTTPTypes

extension Operation {
    /// What the organization is allowed.
    static let limits = [
        Operation(.get, "/api/v2/organizations/limits/namespaces/{}") {
            _, admitted throws(APIError) in
            guard let limits = OrganizationLimits(namespace: admitted.parameters[0]) else {
                throw .notFound
            }
            return .json(limits)
        }
    ]
}

/// The limits of a namespace, a `LimitsEntityListing`.
///
/// They are the platform's documented ones, whatever the sandbox was told to allow.
private struct OrganizationLimits: Encodable {
    struct Limit: Encodable {
        let key: String
        let namespace: String
        let value: Int
    }

    let entities: [Limit]

    /// `nil` for a namespace that there is not.
    init?(namespace: String) {
        guard let values = Self.values[namespace] else { return nil }
        entities = values.map { Limit(key: $0, namespace: namespace, value: $1) }
    }

    /// Nothing is published for the others that concern conversations.
    private static let values: [String: [(String, Int)]] = [
        "platform.api": [
            ("token.rate.per.minute", 300),
            ("client.credentials.token.rate.per.minute", 300),
            ("org.app.user.rate.per.minute", 3000),
            ("ui.token.rate.per.minute", 300),
            ("request.bytes.max", Call.maximumBody),
        ],
        "conversation": [], "email": [], "notifications": [],
    ]
}
