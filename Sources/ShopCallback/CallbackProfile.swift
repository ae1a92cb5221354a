/// What a shop's settings say of its callback.
public struct CallbackProfile: Sendable {
    public var address: CallbackAddress
    /// One at least, two during a rotation: each of them signs.
    public var secrets: [SigningSecret]
    public var agentName: AgentNaming
    /// Names of agents for the shop's customers, by the agent's id at Genesys.
    public var agentAliases: [String: String]
    /// Whom the customer wrote to; the name of a team that has no queue's.
    public var toName: String

    public init(
        address: CallbackAddress, secrets: [SigningSecret], agentName: AgentNaming = .first,
        agentAliases: [String: String] = [:], toName: String
    ) {
        precondition(!secrets.isEmpty, "a callback is signed")
        self.address = address
        self.secrets = secrets
        self.agentName = agentName
        self.agentAliases = agentAliases
        self.toName = toName
    }

    var names: AgentNames {
        AgentNames(naming: agentName, aliases: agentAliases, team: toName)
    }
}
