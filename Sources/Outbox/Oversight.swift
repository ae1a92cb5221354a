/// What Genesys shows to somebody who takes no part, so that its divisions hold here too.
public protocol Oversight: Sendable {
    /// - Parameter conversations: at most a hundred.
    /// - Returns: those of them that Genesys shows to the agent.
    /// - Throws: `notPermitted` where the agent's role shows none at all.
    func visible(
        _ conversations: [String], to agent: AgentAccess
    ) async throws(ParticipationError) -> Set<String>

    /// What the agent is to the conversations that will be in a queue.
    /// - Throws: `notParticipant` where they could look on at none of them.
    func part(
        of agent: AgentAccess, atQueue queue: String
    ) async throws(ParticipationError) -> AgentPart
}

/// All that agents' own logins are used for.
public typealias AgentServices =
    AgentLogin & Oversight & Participation & QueueMail & QuickReplies
