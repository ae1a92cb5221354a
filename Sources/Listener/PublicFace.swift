public import Logging
public import Outbox
public import ServiceLifecycle

/// What shops see: the way in for their messages, and the receipts.
public struct PublicFace: Service {
    private let face: Face

    /// - Parameters:
    ///   - widget: `nil` where agents have no tab here.
    ///   - listening: told the address once it accepts connections, with the port the system chose.
    public init(
        at address: ListenAddress, shops: [ShopAccess], settings: IntakeSettings,
        store: any OutboxStore & ThreadStore, relay: @escaping @Sendable () async -> RelayStatus,
        widget: Widget? = nil, environment: Environment, logger: Logger,
        listening: @escaping @Sendable (ListenAddress) async -> Void = { _ in }
    ) {
        let limits = settings.connections
        var routes = Routes(maxBody: limits.maxBody)
        let reception = Reception(
            shops, allowUnsigned: settings.allowUnsigned, environment: environment)
        Intake(reception, settings: settings, store: store, relay: relay, environment: environment)
            .add(to: &routes)
        Threads(reception: reception, store: store, links: widget?.links).add(to: &routes)
        widget?.add(to: &routes)
        face = Face(
            address: address, routes: routes, limits: limits, logger: logger, listening: listening)
    }

    public func run() async throws { try await face.run() }
}
