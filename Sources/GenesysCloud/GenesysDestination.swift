public import Outbox
import Synchronization

/// Delivers an entry by creating a third-party email conversation.
public struct GenesysDestination: Destination {
    public let name = DestinationName.genesys
    public var pacer: Pacer { client.pacer }

    private let client: GenesysClient
    private let provider: String
    private let targets: [RouteName: RouteTarget]
    private let shops: [ShopName: ShopProfile]
    private let identity: Identity
    private let environment: Environment

    /// - Parameter bind: ties the store to the organisation; called before the first delivery.
    public init(
        client: GenesysClient, provider: String, targets: [RouteName: RouteTarget],
        shops: [ShopName: ShopProfile], environment: Environment,
        bind: @escaping @Sendable (Binding) async throws(StoreError) -> Void
    ) {
        self.client = client
        self.provider = provider
        self.targets = targets
        self.shops = shops
        self.environment = environment
        identity = Identity(client: client, provider: provider, bind: bind)
    }

    public func deliver(_ claim: Claim) async -> Report {
        guard let delivery = claim.deliveries.first, let message = delivery.message,
            let target = targets[claim.route.name]
        else {
            pacer.giveBack(1)
            return Report(
                .misconfigured(
                    "routes.\(claim.route.name) is no longer in the settings; restore it, or discard "
                        + "its entries"))
        }
        do {
            try await identity.confirm()
        } catch {
            pacer.giveBack(1)
            return Report(Outcome(error))
        }
        let request = ConversationRequest(
            provider: provider, entry: delivery.entry, message: message, target: target,
            shop: shops[delivery.entry.shop] ?? ShopProfile(toName: "\(delivery.entry.shop)"),
            now: environment.now())
        do {
            let answer = try await client.send(
                "POST", "/api/v2/conversations/emails", request.json)
            return Report(
                Outcome(ofCreating: answer), status: answer.status, correlation: answer.correlation)
        } catch {
            return Report(Outcome(error))
        }
    }
}

/// Makes sure, once, that the store's conversations belong to this organisation.
private actor Identity {
    private let client: GenesysClient
    private let provider: String
    private let bind: @Sendable (Binding) async throws(StoreError) -> Void
    private var confirming: Task<CallError?, Never>?

    init(
        client: GenesysClient, provider: String,
        bind: @escaping @Sendable (Binding) async throws(StoreError) -> Void
    ) {
        self.client = client
        self.provider = provider
        self.bind = bind
    }

    func confirm() async throws(CallError) {
        let task = confirming ?? Task { await attempt() }
        confirming = task
        guard let error = await task.value else { return }
        if confirming == task { confirming = nil }
        throw error
    }

    private func attempt() async -> CallError? {
        do throws(CallError) {
            let organization = try await client.organization()
            return await refusal(Binding(organization: organization.id, provider: provider))
        } catch .unknown(let reason) {
            // A read: nothing was changed, so the delivery was certainly not made.
            return .unreachable(reason)
        } catch {
            return error
        }
    }

    private func refusal(_ binding: Binding) async -> CallError? {
        do {
            try await bind(binding)
            return nil
        } catch .boundElsewhere(let other) {
            return .unauthorized(
                "the store belongs to organisation \(other.organization) with provider "
                    + "\"\(other.provider)\", the client to \(binding.organization) with "
                    + "\"\(binding.provider)\"; use another store.path or the former settings")
        } catch {
            return .unreachable("the store: \(error)")
        }
    }
}
