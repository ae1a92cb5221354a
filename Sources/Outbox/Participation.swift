/// What an agent does to a conversation at Genesys from our own page, with the rights of their own login.
public protocol Participation: Sendable {
    /// What the agent is to a conversation.
    /// - Throws: `notParticipant` where Genesys does not show it to them, or only since it rang at them once.
    func part(
        of agent: AgentAccess, in conversation: String
    ) async throws(ParticipationError) -> AgentPart

    /// The codes that the agent may classify their part with, in the queue's order.
    func wrapUpCodes(
        of conversation: String, as agent: AgentAccess
    ) async throws(ParticipationError) -> [WrapUp]

    /// Ends the agent's part in a conversation, and classifies it.
    ///
    /// Once its last agent has finished, the conversation ends for the customer as well. May be repeated where it
    /// is not known what came of it; a part that has ended may still be given its code.
    func finish(
        _ conversation: String, as agent: AgentAccess, wrapUp: WrapUp?
    ) async throws(ParticipationError)
}

/// An agent who is logged in at Genesys.
public struct AgentAccess: Sendable, Equatable, CustomStringConvertible {
    public var agent: Agent
    /// The access token of their own login.
    public var token: String
    /// What the agent's roles allowed somewhere as they logged in.
    ///
    /// For what is not among them nobody needs to ask; of the rest, only Genesys can say whether it still holds,
    /// and where.
    public var permissions: Set<String>

    public init(agent: Agent, token: String, permissions: Set<String> = []) {
        self.agent = agent
        self.token = token
        self.permissions = permissions
    }

    /// Shows conversations in which one takes no part.
    public static let oversight = "conversation:communication:view"
    /// Allows to assign email conversations: whoever may do that may also act in place of the agent.
    public static let supervision = "conversation:email:assign"

    /// Never with the token, which opens all that the agent may do.
    public var description: String { "agent \(agent.id)" }
}

/// Why an agent's part in a conversation was not changed, or nobody knows whether it was.
public enum ParticipationError: Error, Sendable, Equatable {
    /// The agent has no part in it, or there is no such conversation.
    case notParticipant
    /// It rings at the agent, who has not taken it yet.
    case notAccepted
    /// The agent's part has ended already.
    case ended
    /// Its queue demands a code.
    case wrapUpRequired
    /// The login has expired: the agent has to log in again.
    case loggedOut
    /// The agent's role does not allow it; Genesys' own words.
    case notPermitted(String)
    /// Refused for what was asked, such as a code that its queue does not know; Genesys' own words.
    case refused(String)
    /// Genesys cannot be reached, or did not answer: to be tried again.
    case unavailable(String)
    /// It may have been done, and would be done twice if it were asked for again: somebody has to look.
    case uncertain(String)
}
