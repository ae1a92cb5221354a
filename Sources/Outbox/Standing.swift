/// Where a thread stands at Genesys while one of its lanes is claimed.
public struct Standing: Sendable, Equatable {
    /// The conversation that a message may join; `nil` where none is live.
    public var live: String?
    /// How many conversations the thread had before.
    public var earlier: Int
    /// Who had the thread last.
    public var lastAgent: Agent?

    public init(live: String? = nil, earlier: Int = 0, lastAgent: Agent? = nil) {
        self.live = live
        self.earlier = earlier
        self.lastAgent = lastAgent
    }
}
