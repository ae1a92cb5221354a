extension Sandbox {
    /// A conversation as the sandbox lists it: all that the create gave, and what became of it.
    public struct Conversation: Codable, Sendable, Equatable {
        /// Where the conversation stands.
        public enum State: String, Codable, Sendable {
            /// Is in its queue: waits for an agent, or is with one.
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
        /// The queue that it is in, or was in last.
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
        /// The state of the agent's side who has it, or had it last, if there was one.
        public var agent: AgentState?
        /// Who that agent is.
        public var agentId: String?
        /// The id of that agent's participant.
        public var agentParticipantId: String?
        /// Why the customer's side ended, if it has.
        public var disconnectType: DisconnectType?
        /// The id of the code that the agent has closed it with.
        public var wrapupCode: String?
        /// How many messages have joined it since its creation.
        public var inboundMessages: Int
        /// ISO 8601 with milliseconds, in UTC.
        public var createdAt: String
        public var endedAt: String?
    }
}
