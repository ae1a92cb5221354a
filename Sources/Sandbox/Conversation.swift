extension Sandbox {
    /// A conversation as the sandbox lists it: all that the create gave, and what became of it.
    public struct Conversation: Codable, Sendable, Equatable {
        /// Where the conversation stands.
        public enum State: String, Codable, Sendable {
            /// Waits in its queue for an agent.
            case queued
            /// Is with the flow that it was created for.
            case inFlow
            /// Is over.
            case ended
        }

        /// The state of an agent's side of it.
        public enum AgentState: String, Codable, Sendable, CaseIterable {
            case alerting, connected, parked, disconnected
        }

        public var id: String
        public var provider: String
        public var subject: String?
        public var toAddress: String?
        public var toName: String?
        public var fromAddress: String?
        public var fromName: String?
        public var queueId: String?
        public var flowId: String?
        /// The attributes of the first participant.
        public var attributes: [String: String]
        public var priority: Int?
        public var skillIds: [String]?
        public var skillExpression: String?
        public var languageId: String?
        public var utilizationLabel: String?
        public var externalTag: String?
        public var state: State
        /// The state of the agent's side, if there was one.
        public var agent: AgentState?
        /// How many messages have joined it since its creation.
        public var inboundMessages: Int
        /// ISO 8601 with milliseconds, in UTC.
        public var createdAt: String
        public var endedAt: String?
    }
}
