extension Sandbox {
    /// One planned fault: which calls it strikes, what happens to them, and how often.
    public struct Fault: Codable, Sendable, Equatable {
        /// Which calls a fault strikes.
        public enum Target: String, Codable, Sendable, CaseIterable {
            /// `POST /oauth/token`.
            case token
            /// `POST /api/v2/conversations/emails`.
            case create
            /// Any `GET` of the API.
            case read
            /// `POST /api/v2/analytics/conversations/details/query`.
            case lookUp
            /// `POST /api/v2/conversations/participants/attributes/search`.
            case search
            /// `PUT /api/v2/conversations/{id}/tags`.
            case tag
            /// Ends a conversation, changes it or a participant, or adds an inbound message.
            case change
            /// All of these and every other call, but none of `/sandbox`.
            case any
            /// None: it happens at once. Only for ``Action/refuse`` and ``Action/reset``.
            case now
        }

        /// What happens.
        public enum Action: String, Codable, Sendable, CaseIterable {
            /// Answers ``Fault/status``, with ``Fault/code``, ``Fault/retryAfter``, ``Fault/body``.
            case status
            /// Resets the connection (RST); at once: every connection that the controller is not on.
            case reset
            /// Never answers; ends with the connection, or after ``Fault/seconds`` by closing it.
            case stall
            /// Sends the first half of a valid answer and closes.
            case half
            /// Sends bytes that are no HTTP and closes.
            case garbage
            /// Waits until released; a call not yet applied whose client leaves is never applied.
            case hold
            /// Answers after ``Fault/seconds``.
            case slow
            /// Closes the listening socket for ``Fault/seconds``, or until the faults are deleted.
            ///
            /// Connections that stand go on, unless ``Fault/resetsConnections``.
            case refuse
            /// Revokes the token that the call uses, or the one that it is handed.
            case expireToken
        }

        public var on: Target
        public var action: Action
        /// Whether the call is carried out before the fault strikes.
        public var applied: Bool
        /// How many calls it strikes; 0 strikes until it is deleted.
        public var times: Int
        /// How many of its calls pass before it strikes for the first time.
        ///
        /// Calls that another fault strikes do not count.
        public var skip: Int
        /// The probability from 0 to 1 that it strikes a call; see ``Settings/seed``.
        public var chance: Double
        public var status: Int
        /// The code of the error body, else the documented one of the status.
        public var code: String?
        /// Seconds in a `Retry-After` header.
        public var retryAfter: Int?
        /// For how long, where an action takes time.
        public var seconds: Double?
        /// Sent as HTML in place of an error body, as a gateway in front would.
        public var body: String?
        public var resetsConnections: Bool

        public init(
            on: Target = .any, do action: Action, applied: Bool = false, times: Int = 1,
            skip: Int = 0, chance: Double = 1, status: Int = 500, code: String? = nil,
            retryAfter: Int? = nil, seconds: Double? = nil, body: String? = nil,
            resetsConnections: Bool = false
        ) {
            self.on = on
            self.action = action
            self.applied = applied
            self.times = times
            self.skip = skip
            self.chance = chance
            self.status = status
            self.code = code
            self.retryAfter = retryAfter
            self.seconds = seconds
            self.body = body
            self.resetsConnections = resetsConnections
        }
    }
}

extension Sandbox.Fault {
    enum CodingKeys: String, CodingKey {
        case on
        case action = "do"
        case applied, times, skip, chance, status, code, retryAfter, seconds, body
        case resetsConnections
    }

    public init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        func value<Value: Decodable>(_ member: CodingKeys, or fallback: Value) throws -> Value {
            try object.decodeIfPresent(Value.self, forKey: member) ?? fallback
        }
        self.init(
            on: try value(.on, or: .any),
            do: try object.decode(Action.self, forKey: .action),
            applied: try value(.applied, or: false),
            times: try value(.times, or: 1),
            skip: try value(.skip, or: 0),
            chance: try value(.chance, or: 1),
            status: try value(.status, or: 500),
            code: try value(.code, or: nil),
            retryAfter: try value(.retryAfter, or: nil),
            seconds: try value(.seconds, or: nil),
            body: try value(.body, or: nil),
            resetsConnections: try value(.resetsConnections, or: false))
        guard on != .now || action == .refuse || action == .reset else {
            throw DecodingError.dataCorruptedError(
                forKey: .on, in: object, debugDescription: "now goes with refuse and reset only")
        }
        guard times >= 0, skip >= 0, (0...1).contains(chance), (200...599).contains(status),
            seconds ?? 0 >= 0
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .action, in: object,
                debugDescription: """
                    times, skip and seconds from 0, chance from 0 to 1, status from 200 to 599
                    """)
        }
    }
}
