extension Sandbox {
    /// What the pretend organization knows, and which of the undecided behaviours of the real API it shows.
    ///
    /// Where the real behaviour is unknown, the default is the stricter one.
    public struct Settings: Codable, Sendable, Equatable {
        /// The division of all that is told no other.
        public static let homeDivision = "3f6a0c1e-0000-4000-8000-000000000004"
        /// A division that no queue is in at the start.
        public static let otherDivision = "3f6a0c1e-0000-4000-8000-000000000005"

        public var organization = Named(
            id: "3f6a0c1e-0000-4000-8000-000000000000", name: "Sandbox Organization")
        public var divisions = [
            Named(id: homeDivision, name: "Home"), Named(id: otherDivision, name: "Wholesale"),
        ]
        public var clients = [Client()]
        /// The clients that agents log in at.
        public var codeClients = [
            CodeClient(), CodeClient(id: "other-widget", secret: "other-widget-secret"),
        ]
        public var queues = [
            Queue(
                id: "3f6a0c1e-0000-4000-8000-000000000001", name: "Shop Support",
                outboundAddress: "support@demo-shop.example", libraryMode: .selectedOnly,
                libraries: [generalLibrary]),
            Queue(
                id: "3f6a0c1e-0000-4000-8000-000000000003", name: "Billing",
                libraryMode: .selectedOnly, libraries: [generalLibrary, billingLibrary]),
        ]
        public var flows = [Named(id: "3f6a0c1e-0000-4000-8000-000000000002", name: "Shop Mail")]
        public var agents = [
            Agent(id: "5a6b0c1e-0000-4000-8000-000000000001", name: "Sam Carter"),
            Agent(id: "5a6b0c1e-0000-4000-8000-000000000002", name: "Robin Meyer"),
            Agent(id: "5a6b0c1e-0000-4000-8000-000000000003", name: "Alex Novak"),
            Agent(
                id: "5a6b0c1e-0000-4000-8000-000000000011", name: "Dana Brandt",
                permissions: Agent.supervisorPermissions),
            Agent(
                id: "5a6b0c1e-0000-4000-8000-000000000012", name: "Kim Okafor",
                division: otherDivision, permissions: Agent.supervisorPermissions),
        ]
        /// What an agent can close a conversation with, whatever its queue.
        public var wrapupCodes = [
            Named(id: "7c8d0c1e-0000-4000-8000-000000000001", name: "Resolved"),
            Named(id: "7c8d0c1e-0000-4000-8000-000000000002", name: "Follow-up Needed"),
            Named(id: "7c8d0c1e-0000-4000-8000-000000000003", name: "Spam"),
        ]
        /// The libraries of canned responses.
        public var libraries = demoLibraries
        public var responses = demoResponses
        /// Whether the login shows its page to those too who have logged in already.
        public var loginShowsPage = false
        /// Whether the page of the login stands in no frame.
        public var loginRefusesFraming = false
        /// An OAuth error code that every login leads back with, as in `access_denied`; none by default.
        public var loginError: String?
        /// Whether a queue tells the whole route of its outbound address, and not only its id.
        public var expandsOutboundRoute = false
        /// Whether an agent has to close what they had with a wrap-up code.
        public var wrapupRequired = true
        /// Seconds after which a conversation ends by itself that no agent accepts; none by default.
        public var endsAfterSeconds: Double?
        /// The `purpose` of a conversation's first participant; both are seen in the wild.
        public var purpose = Purpose.customer
        /// The status of a login with a wrong client or secret: 400 as observed by others, or 401.
        public var badClientStatus = 400
        /// Seconds that a new token lives; the platform allows 300 to 172,800.
        public var tokenLifetime = 86_400
        /// Whether a member that the schema does not know makes a create a 400.
        public var refusesUnknownMembers = true
        /// Whether an oversized create is a 400; the platform publishes no sizes for it.
        ///
        /// Taken are a subject of 400 UTF-16 units, names of 64, addresses of 318, 50 attributes of
        /// 256 each and 16 KiB in all, the nearest sizes that are published.
        public var refusesOversized = true
        /// Seconds until the analytics query and its `GET` show a conversation.
        public var analyticsLag = 0.0
        /// Seconds until the attribute search shows a conversation.
        public var searchLag = 0.0
        /// Whether analytics know the addresses and the subject of an external email, as sent.
        ///
        /// If not, they are left out of what it shows, and no predicate on them matches.
        public var indexesAddressTo = false
        /// Whether a `PATCH` of attributes replaces all that there are, instead of adding to them.
        public var replacesAttributes = false
        /// Whether an inbound message takes up an ended conversation again; else it is a 404.
        public var endedTakesFollowUps = false
        /// Seconds that a notification channel lives, from its creation and each `PUT` of its topics.
        public var channelLifetime = 86_400.0
        /// Seconds between two heartbeats on a notification channel.
        public var heartbeatSeconds = 30.0
        /// Whose calls share a rate window.
        public var limitPer = LimitScope.token
        /// What the faults that strike by chance draw from; the same seed, the same calls struck.
        ///
        /// Random by default. Setting another one starts its sequence from the beginning.
        public var seed = Int.random(in: 0...Int(Int32.max))

        public init() {}
    }

    public enum Purpose: String, Codable, Sendable {
        case customer, external
    }

    /// Whose calls share a rate window.
    public enum LimitScope: String, Codable, Sendable {
        /// Each token has one of its own, as the platform documents.
        case token
        /// All tokens of an OAuth client share one, as with a second program on the same client.
        case client
    }

    /// An OAuth client of the client-credentials kind.
    public struct Client: Codable, Sendable, Equatable {
        public var id: String
        public var secret: String
        /// The permissions its roles grant; a call that needs another one gets 403 `missing.permissions`.
        public var permissions: [String]

        public init(
            id: String = "demo", secret: String = "demo-secret",
            permissions: [String] = Client.leastPrivilege
        ) {
            self.id = id
            self.secret = secret
            self.permissions = permissions
        }

        /// What a client needs to create conversations, look them up and end them.
        public static let leastPrivilege = [
            "analytics:conversationDetail:view",
            "conversation:communication:disconnect",
            "conversation:communication:view",
            "conversation:email:create",
            "conversation:externalTag:edit",
            "conversation:participant:attributesview",
            "routing:queue:view",
        ]
    }

    /// A flow, a wrap-up code, a division, a library or an organization.
    public struct Named: Codable, Sendable, Equatable {
        public var id: String
        public var name: String

        public init(id: String, name: String) {
            self.id = id
            self.name = name
        }
    }
}
