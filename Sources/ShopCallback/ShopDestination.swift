public import CurlTransport
public import Logging
public import Outbox

/// Delivers agents' answers and events of threads to one shop, each by one signed post.
public struct ShopDestination: Destination {
    public let name: DestinationName
    public let pacer: Pacer
    public let breakers: Breakers
    public let joins = false

    private let client: CallbackClient
    private let names: AgentNames
    private let link: @Sendable (Attachment) -> String?

    /// - Parameters:
    ///   - transport: best not the one to Genesys, so that shops that stall cannot use up its room.
    ///   - link: where an attachment can be had; asked at each attempt, so that a late one has a link that is
    ///     still good.
    public init(
        _ shop: ShopName, _ profile: CallbackProfile, transport: CurlTransport,
        link: @escaping @Sendable (Attachment) -> String? = { $0.url }, environment: Environment,
        logger: Logger
    ) {
        name = .callback(of: shop)
        pacer = Pacer(perMinute: nil, environment: environment)
        breakers = Breakers(name, environment: environment, logger: logger)
        client = CallbackClient(profile, transport: transport, environment: environment)
        names = profile.names
        self.link = link
    }

    public func deliver(_ claim: Claim) async -> Report {
        defer { pacer.finish(nil) }
        guard let delivery = claim.deliveries.first, let content = delivery.content else {
            return Report(.refused("there is nothing to be sent"))
        }
        return await client.post(Notice(content, of: delivery.entry, names: names, link: link))
    }

    /// Nothing of a shop can be asked, and nothing has to be.
    public func look(for look: Look) async -> Sighting {
        .blind("it is sent again with the same id, by which the shop knows a repeat")
    }
}
