/// A regular email conversation that was started from a thread.
public struct LinkedConversation: Sendable, Equatable {
    public var reference: String
    public var to: String
    public var subject: String
    public var agent: Agent
    public var at: Timestamp

    public init(reference: String, to: String, subject: String, agent: Agent, at: Timestamp) {
        self.reference = reference
        self.to = to
        self.subject = subject
        self.agent = agent
        self.at = at
    }
}
