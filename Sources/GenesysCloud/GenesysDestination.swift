public import Outbox
import Synchronization

/// Delivers an entry by creating a third-party email conversation, and looks for those that nobody
/// answered for.
public struct GenesysDestination: Destination {
    public let name = DestinationName.genesys
    public var pacer: Pacer { client.pacer }
    public var breakers: Breakers { client.breakers }
    public let joins = false

    private let client: GenesysClient
    private let provider: String
    private let targets: [RouteName: RouteTarget]
    private let shops: [ShopName: ShopProfile]
    private let identity: Identity
    private let lookUp: LookUp
    private let findings: @Sendable () -> Findings?
    private let tagging = Tagging()
    private let environment: Environment

    /// - Parameters:
    ///   - lookUp: where to look, in this order.
    ///   - bind: ties the store to the organisation; called before the first delivery.
    ///   - fences: of the store; tells what is known to be created before or after an attempt.
    ///   - findings: the probe's, asked for with every look; without them nothing is concluded from what a
    ///     source does not show.
    public init(
        client: GenesysClient, provider: String, targets: [RouteName: RouteTarget],
        shops: [ShopName: ShopProfile], lookUp: [LookUpSource], environment: Environment,
        bind: @escaping @Sendable (Binding) async throws(StoreError) -> Void,
        fences: @escaping FencesOfConversations,
        findings: @escaping @Sendable () -> Findings?
    ) {
        self.client = client
        self.provider = provider
        self.targets = targets
        self.shops = shops
        self.environment = environment
        self.findings = findings
        self.lookUp = LookUp(
            lookUp, client: client, provider: provider, fences: fences, environment: environment)
        identity = Identity(client: client, provider: provider, bind: bind)
    }

    public func deliver(_ claim: Claim) async -> Report {
        guard let delivery = claim.deliveries.first, let message = delivery.content?.message,
            let target = targets[claim.route.name]
        else {
            pacer.giveBack(1)
            return Report(
                .misconfigured(
                    "routes.\(claim.route.name) is no longer in the settings; restore it, or discard "
                        + "its entries"))
        }
        do {
            _ = try await identity.confirm()
        } catch {
            pacer.giveBack(1)
            return Report(Outcome(error))
        }
        let request = ConversationRequest(
            provider: provider, entry: delivery.entry, message: message, target: target,
            shop: shops[delivery.entry.shop] ?? ShopProfile(toName: "\(delivery.entry.shop)"),
            now: environment.now())
        do {
            let answer = try await client.create(request.json)
            let outcome = Outcome(ofCreating: answer)
            if case .delivered(let conversation?) = outcome {
                tagging.add(delivery.entry.id, to: conversation)
            }
            return Report(outcome, status: answer.status, correlation: answer.correlation)
        } catch {
            return Report(Outcome(error))
        }
    }

    public func look(for look: Look) async -> Sighting {
        do {
            let organization = try await identity.confirm()
            return await lookUp.sighting(
                of: look,
                measured: findings()?.measured(for: organization, provider: provider) ?? [])
        } catch {
            return .unavailable(error.reason)
        }
    }

    /// Does what may come after the deliveries, until the task is cancelled; to be run once.
    public func run() async {
        await tagging.run(client)
    }
}

/// Makes sure, once, that the store's conversations belong to this organisation.
private actor Identity {
    private let client: GenesysClient
    private let provider: String
    private let bind: @Sendable (Binding) async throws(StoreError) -> Void
    private var confirming: Task<Result<String, CallError>, Never>?

    init(
        client: GenesysClient, provider: String,
        bind: @escaping @Sendable (Binding) async throws(StoreError) -> Void
    ) {
        self.client = client
        self.provider = provider
        self.bind = bind
    }

    /// - Returns: the organisation's id.
    func confirm() async throws(CallError) -> String {
        let task = confirming ?? Task { await attempt() }
        confirming = task
        let result = await task.value
        if case .failure = result, confirming == task { confirming = nil }
        return try result.get()
    }

    private func attempt() async -> Result<String, CallError> {
        do throws(CallError) {
            let organization = try await client.organization().id
            return await bound(Binding(organization: organization, provider: provider))
        } catch .unknown(let reason) {
            // A read: nothing was changed, so the delivery was certainly not made.
            return .failure(.unreachable(reason))
        } catch {
            return .failure(error)
        }
    }

    private func bound(_ binding: Binding) async -> Result<String, CallError> {
        do {
            try await bind(binding)
            return .success(binding.organization)
        } catch .boundElsewhere(let other) {
            return .failure(
                .unauthorized(
                    "the store belongs to organisation \(other.organization) with provider "
                        + "\"\(other.provider)\", the client to \(binding.organization) with "
                        + "\"\(binding.provider)\"; use another store.path or the former settings"))
        } catch {
            return .failure(.unreachable("the store: \(error)"))
        }
    }
}
