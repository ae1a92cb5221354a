/// What somebody may do about a thread, and why not more.
public struct ThreadAccess: Sendable, Equatable {
    public enum Act: String, Sendable, CaseIterable {
        /// An answer or a note.
        case write
        /// Upload files for an answer.
        case attach
        /// End one's part in the conversation, or classify it.
        case finish
        /// Say that the customer needs no answer.
        case dismiss
        /// Send a refused answer again.
        case retry
        /// Bring the customer's message to Genesys again.
        case recreate
        /// Begin a regular email to the customer.
        case mail
    }

    /// Why nothing can be written.
    public enum Obstacle: String, Sendable, CaseIterable {
        /// It rings, and has to be taken first.
        case alerting
        case ended
        /// The agent's part is over, and the conversation goes on without them.
        case handedOn = "handed_on"
        case onlooker
    }

    public var acts: Set<Act>
    public var obstacle: Obstacle?

    /// - Parameters:
    ///   - part: what Genesys says of the agent and the conversation, a moment ago.
    ///   - isLive: whether the thread has a live conversation.
    ///   - isHandedOn: whether it is live without this agent.
    ///   - takesFiles: whether files are taken at all.
    public init(
        _ part: AgentPart, awaiting: Awaiting, isLive: Bool, isHandedOn: Bool = false,
        takesFiles: Bool
    ) {
        acts = []
        switch part.kind {
        case .alerting:
            obstacle = .alerting
            return
        case .connected:
            acts = [.write, .finish, .retry, .mail]
            if takesFiles { acts.insert(.attach) }
        case .ended:
            obstacle = isHandedOn ? .handedOn : .ended
            if part.requiresWrapUp, part.wrapUp == nil { acts.insert(.finish) }
        case .onlooker: obstacle = .onlooker
        }
        if part.supervises { acts.insert(.retry) }
        if awaiting == .agent, part.kind == .connected || part.supervises { acts.insert(.dismiss) }
        if awaiting == .agent, part.supervises, !isLive { acts.insert(.recreate) }
    }

    public func allows(_ act: Act) -> Bool { acts.contains(act) }
}
