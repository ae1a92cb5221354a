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
    /// Whether the agent may hand the conversations of its division to others, and so act in place of its agent; as
    /// Genesys said at most half a minute ago, and not asked for whoever has it.
    public var supervises: Bool
    /// The ids of other agents who have it at the same time; not known to onlookers.
    public var colleagues: Set<String>

    public init(
        _ kind: Kind, queue: Queue? = nil, requiresWrapUp: Bool = false, wrapUp: WrapUp? = nil,
        supervises: Bool = false, colleagues: Set<String> = []
    ) {
        self.kind = kind
        self.queue = queue
        self.requiresWrapUp = requiresWrapUp
        self.wrapUp = wrapUp
        self.supervises = supervises
        self.colleagues = colleagues
    }
}
