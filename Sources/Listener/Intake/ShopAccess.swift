public import Outbox

/// A shop as intake knows it: how it proves who it is, and what it may ask for.
public struct ShopAccess: Sendable {
    public var name: ShopName
    /// Several for the time of a rotation.
    public var secrets: [WebhookSecret]
    public var tokens: [AccessToken]
    /// The routes its messages may take, the first where a message names none.
    public var routes: [Route]
    public var threadRule: ThreadRule
    /// What an agent is called towards this shop, who has a thread in that queue; `nil` if by no name.
    public var agentName: @Sendable (Agent, Queue?) -> String?

    /// - Parameter routes: at least one.
    public init(
        name: ShopName, secrets: [WebhookSecret] = [], tokens: [AccessToken] = [],
        routes: [Route] = [Route(.default)], threadRule: ThreadRule = .order,
        agentName: @escaping @Sendable (Agent, Queue?) -> String? = { agent, _ in agent.name }
    ) {
        precondition(!routes.isEmpty, "shop \(name) has no route")
        self.name = name
        self.secrets = secrets
        self.tokens = tokens
        self.routes = routes
        self.threadRule = threadRule
        self.agentName = agentName
    }
}
