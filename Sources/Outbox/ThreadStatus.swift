/// Where a customer's matter stands, in the words a shop may show to the customer.
public enum ThreadStatus: String, Sendable, CaseIterable {
    /// The bridge has it, no queue yet.
    case received
    /// It waits for an agent; also where a conversation has ended without an answer.
    case waiting
    case withAgent = "with_agent"
    /// The shop has an answer to all the customer wrote.
    case answered
    /// Nobody is going to answer: closed by the shop, or marked by an agent as needing no answer.
    case closed

    /// - Parameter stage: of the thread's live conversation, else of its last one; `nil` where it had none.
    public init(_ awaiting: Awaiting, _ stage: ConversationStage?) {
        switch (awaiting, stage) {
        case (.customer, _): self = .answered
        case (.none, _): self = .closed
        case (.agent, let stage?) where stage.hasAgent: self = .withAgent
        case (.agent, _?): self = .waiting
        case (.agent, nil): self = .received
        }
    }
}
