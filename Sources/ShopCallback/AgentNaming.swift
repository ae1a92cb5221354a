public import Outbox

/// How a shop's customers see an agent's name (`shops.<name>.agentName`).
public enum AgentNaming: String, Sendable, CaseIterable {
    /// As Genesys has it.
    case full
    /// Its first word.
    case first
    /// The one the settings give the agent, else the first word.
    case alias
    /// None of a person: the queue's, else the shop's own.
    case team
}

/// What a shop calls agents.
public struct AgentNames: Sendable {
    public var naming: AgentNaming
    /// By the agent's id at Genesys.
    public var aliases: [String: String]
    /// The shop's own, such as `Acme customer service`.
    public var team: String

    public init(naming: AgentNaming, aliases: [String: String] = [:], team: String) {
        self.naming = naming
        self.aliases = aliases
        self.team = team
    }

    /// - Returns: `nil` where there is no name to be had.
    public func name(of agent: Agent, in queue: Queue?) -> String? {
        switch naming {
        case .full: agent.name
        case .first: first(agent)
        case .alias: aliases[agent.id] ?? first(agent)
        case .team: queue?.name ?? team
        }
    }

    private func first(_ agent: Agent) -> String? {
        agent.name?.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
}
