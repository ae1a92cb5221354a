public import Logging
public import Outbox
public import ServiceLifecycle

/// What operators see: the outbox, what may be done about it, health and metrics.
public struct OpsFace: Service {
    private let face: Face

    /// - Parameters:
    ///   - tokens: none for a face that listens on loopback only.
    ///   - census: the last count of who waits.
    ///   - relay: what the relay is doing right now.
    ///   - feed: how well conversations are followed; `nil` where nobody follows them.
    ///   - listening: told the address once it accepts connections, with the port the system chose.
    public init(
        at address: ListenAddress, tokens: [AccessToken],
        store: any OutboxStore & ThreadStore, census: @escaping @Sendable () -> Census.Count?,
        relay: @escaping @Sendable () async -> RelayStatus,
        feed: @escaping @Sendable () async -> FeedStatus? = { nil }, environment: Environment,
        logger: Logger, listening: @escaping @Sendable (ListenAddress) async -> Void = { _ in }
    ) {
        let limits = ConnectionLimits(maxBody: 1 << 16)
        var routes = Routes(maxBody: limits.maxBody)
        let gatekeeper = Gatekeeper(tokens)
        Operations(
            gatekeeper: gatekeeper, store: store, census: census, relay: relay, feed: feed,
            environment: environment
        ).add(to: &routes)
        Supervision(gatekeeper: gatekeeper, store: store, environment: environment)
            .add(to: &routes)
        face = Face(
            address: address, routes: routes, limits: limits, logger: logger, listening: listening)
    }

    public func run() async throws { try await face.run() }
}
