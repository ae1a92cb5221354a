extension Sandbox {
    /// A canned response of the pretend organization.
    public struct Response: Codable, Sendable, Equatable {
        public var id: String
        public var name: String
        /// The ids of the libraries that it is in.
        public var libraries: [String]
        /// The text; `{{name}}` stands for what the agent's program puts there.
        public var text: String
        /// `text/plain` or `text/html`.
        public var contentType: String
        /// What stands for a substitution that nobody fills in, by its name.
        public var defaults: [String: String]

        public init(
            id: String, name: String, libraries: [String], text: String,
            contentType: String = "text/plain", defaults: [String: String] = [:]
        ) {
            self.id = id
            self.name = name
            self.libraries = libraries
            self.text = text
            self.contentType = contentType
            self.defaults = defaults
        }
    }
}

extension Sandbox.Settings {
    static let generalLibrary = "8e9f0c1e-0000-4000-8000-000000000001"
    static let billingLibrary = "8e9f0c1e-0000-4000-8000-000000000002"

    static let demoLibraries = [
        Sandbox.Named(id: generalLibrary, name: "General"),
        Sandbox.Named(id: billingLibrary, name: "Billing"),
    ]

    static let demoResponses = [
        Sandbox.Response(
            id: "9fa00c1e-0000-4000-8000-000000000001", name: "Where is my parcel",
            libraries: [generalLibrary],
            text: """
                Hello {{customer.name}},

                your order {{order.number}} is on its way. It should be with you within two \
                working days.

                {{agent.name}}
                """),
        Sandbox.Response(
            id: "9fa00c1e-0000-4000-8000-000000000002", name: "We are looking into it",
            libraries: [generalLibrary],
            text: """
                Hello {{customer.name}},

                thank you for writing about order {{order.number}}. We are looking into it and \
                come back to you today.

                {{agent.name}}
                """),
        Sandbox.Response(
            id: "9fa00c1e-0000-4000-8000-000000000003", name: "How to send something back",
            libraries: [generalLibrary],
            text: """
                <p>Hello {{customer.name}},</p>
                <p>you can send back what you do not like within {{return.days}} days:</p>
                <ol><li>Put it into its box.</li><li>Stick the label on it.</li></ol>
                <p>{{agent.name}}</p>
                """,
            contentType: "text/html", defaults: ["return.days": "30"]),
        Sandbox.Response(
            id: "9fa00c1e-0000-4000-8000-000000000004", name: "Thank you",
            libraries: [generalLibrary, billingLibrary],
            text: "Thank you, {{customer.name}}, and have a good day.\n\n{{agent.name}}"),
        Sandbox.Response(
            id: "9fa00c1e-0000-4000-8000-000000000005", name: "Invoice",
            libraries: [billingLibrary],
            text: """
                Hello {{customer.name}},

                the invoice of order {{order.number}} over {{order.total}} {{order.currency}} is \
                in your account.

                {{agent.name}}
                """),
        Sandbox.Response(
            id: "9fa00c1e-0000-4000-8000-000000000006", name: "Refund",
            libraries: [billingLibrary],
            text: """
                Hello {{customer.name}},

                we have paid back {{order.total}} {{order.currency}}. It takes up to \
                {{refund.days}} days until you see it.

                {{agent.name}}
                """,
            defaults: ["refund.days": "5"]),
    ]
}
