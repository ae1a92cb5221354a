/// What an agent is to a conversation, as Genesys told their own login a moment ago.
public struct AgentPart: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// It rings at the agent.
        case alerting
        /// The agent has it, parked or held included.
        case connected
        /// The agent had it.
        case ended
        /// No part of it, but Genesys lets the agent see it: a supervisor or an evaluator.
        case onlooker
    }

    public var kind: Kind
    /// Where the agent got it from, else where it is.
    public var queue: Queue?
    /// Whether the agent's part is not done without a wrap-up code.
    public var requiresWrapUp: Bool
    public var wrapUp: WrapUp?

    public init(
        _ kind: Kind, queue: Queue? = nil, requiresWrapUp: Bool = false, wrapUp: WrapUp? = nil
    ) {
        self.kind = kind
        self.queue = queue
        self.requiresWrapUp = requiresWrapUp
        self.wrapUp = wrapUp
    }
}
