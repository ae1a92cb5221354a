extension Sandbox {
    /// An agent of the pretend organization.
    public struct Agent: Codable, Sendable, Equatable {
        /// The text of a UUID.
        public var id: String
        public var name: String
        /// The permissions of their roles; a call with their token that needs another one gets 403.
        public var permissions: [String]

        public init(
            id: String, name: String, permissions: [String] = Agent.ordinaryPermissions
        ) {
            self.id = id
            self.name = name
            self.permissions = permissions
        }

        /// Ordinary permissions are taken where JSON names none.
        public init(from decoder: any Decoder) throws {
            let object = try decoder.closedObject(CodingKeys.self)
            self.init(
                id: try object.decode(String.self, forKey: .id),
                name: try object.decode(String.self, forKey: .name),
                permissions: try object.decodeIfPresent([String].self, forKey: .permissions)
                    ?? Self.ordinaryPermissions)
        }

        enum CodingKeys: String, CodingKey {
            case id, name, permissions
        }

        /// The id of the client that agents log in at, unless another is named.
        public static let defaultClient = "demo-widget"

        /// What an agent needs to answer, park, transfer, end and close conversations.
        public static let ordinaryPermissions = [
            "conversation:communication:blindTransfer",
            "conversation:communication:disconnect",
            "conversation:communication:view",
            "conversation:email:park",
            "conversation:participant:wrapup",
            "routing:queue:view",
        ]
    }
}
