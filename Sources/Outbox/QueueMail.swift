/// Regular email, which an agent starts on behalf of a queue with their own login.
public protocol QueueMail: Sendable {
    /// The address that the queue's mail is sent from, and to which a customer's reply comes.
    /// - Returns: `nil` where the queue has none.
    func address(
        of queue: Queue, as agent: AgentAccess
    ) async throws(ParticipationError) -> String?

    /// Starts a conversation, in which the agent then writes at Genesys.
    /// - Returns: its id.
    /// - Throws: `uncertain` where it may have been started, as Genesys cannot be asked for the same one again.
    func start(
        _ mail: OutgoingMail, as agent: AgentAccess
    ) async throws(ParticipationError) -> String
}

public struct OutgoingMail: Sendable, Equatable {
    public var queue: String
    public var to: String
    public var toName: String?
    public var subject: String

    public init(queue: String, to: String, toName: String?, subject: String) {
        self.queue = queue
        self.to = to
        self.toName = toName
        self.subject = subject
    }
}
