extension Sandbox {
    /// An agent of the pretend organization.
    public struct Agent: Codable, Sendable, Equatable {
        /// The text of a UUID.
        public var id: String
        public var name: String
        /// The id of the division that their roles hold in, unless `everywhere` names the permission.
        public var division: String
        /// The permissions of their roles; a call with their token that needs another one gets 403.
        public var permissions: [String]
        /// Those of the permissions that hold in every division.
        public var everywhere: [String]

        public init(
            id: String, name: String, division: String = Settings.homeDivision,
            permissions: [String] = Agent.ordinaryPermissions, everywhere: [String] = []
        ) {
            self.id = id
            self.name = name
            self.division = division
            self.permissions = permissions
            self.everywhere = everywhere
        }

        /// Ordinary permissions and the home division are taken where JSON names none.
        public init(from decoder: any Decoder) throws {
            let object = try decoder.closedObject(CodingKeys.self)
            self.init(
                id: try object.decode(String.self, forKey: .id),
                name: try object.decode(String.self, forKey: .name),
                division: try object.decodeIfPresent(String.self, forKey: .division)
                    ?? Settings.homeDivision,
                permissions: try object.decodeIfPresent([String].self, forKey: .permissions)
                    ?? Self.ordinaryPermissions,
                everywhere: try object.decodeIfPresent([String].self, forKey: .everywhere) ?? [])
        }

        enum CodingKeys: String, CodingKey {
            case id, name, division, permissions, everywhere
        }

        /// The id of the client that agents log in at, unless another is named.
        public static let defaultClient = "demo-widget"

        /// What an agent needs to answer, park, transfer, end and close conversations, to start mail and
        /// to use canned responses.
        public static let ordinaryPermissions = [
            "conversation:communication:blindTransfer",
            "conversation:communication:disconnect",
            "conversation:email:create",
            "conversation:email:park",
            "conversation:participant:wrapup",
            "responses:library:view",
            "responses:response:view",
            "routing:queue:view",
        ]

        /// What a supervisor needs besides, to see what others have and to hand it out.
        public static let supervisorPermissions =
            ordinaryPermissions + [
                "analytics:conversationDetail:view",
                "conversation:communication:view",
                "conversation:email:assign",
            ]
    }
}
