import ExactJSON
public import Outbox

/// Delivers messages by creating a third-party email conversation or by joining the thread's live one, and
/// looks for those that nobody answered for.
public struct GenesysDestination: Destination {
    public let name = DestinationName.genesys
    public var pacer: Pacer { client.pacer }
    public var breakers: Breakers { client.breakers }
    public let joins: Bool

    private let client: GenesysClient
    private let provider: String
    private let targets: [RouteName: RouteTarget]
    private let shops: [ShopName: ShopProfile]
    private let identity: Identity
    private let lookUp: LookUp
    private let followUps: FollowUpLookUp
    private let findings: @Sendable () -> Findings?
    private let tagging = Tagging()
    private let environment: Environment

    /// - Parameters:
    ///   - joins: whether a message joins its thread's live conversation (`conversation.followUps: join`).
    ///   - lookUp: where to look, in this order.
    ///   - journal: of the feed that is asked.
    ///   - bind: ties the store to the organisation; called before the first delivery.
    ///   - fences: of the store; tells what is known to be created before or after an attempt.
    ///   - findings: the probe's, asked for with every look; without them nothing is concluded from what a
    ///     source does not show.
    public init(
        client: GenesysClient, provider: String, targets: [RouteName: RouteTarget],
        shops: [ShopName: ShopProfile], joins: Bool, lookUp: [LookUpSource],
        journal: MarkerJournal = MarkerJournal(), environment: Environment,
        bind: @escaping @Sendable (Binding) async throws(StoreError) -> Void,
        fences: @escaping FencesOfConversations,
        findings: @escaping @Sendable () -> Findings?
    ) {
        self.client = client
        self.provider = provider
        self.targets = targets
        self.shops = shops
        self.joins = joins
        self.environment = environment
        self.findings = findings
        self.lookUp = LookUp(
            lookUp, client: client, provider: provider, fences: fences, journal: journal,
            environment: environment)
        followUps = FollowUpLookUp(client: client, provider: provider)
        identity = Identity(client: client, provider: provider, bind: bind)
    }

    public func deliver(_ claim: Claim) async -> Report {
        let call: Call
        do throws(Undeliverable) {
            call = try self.call(for: claim)
        } catch {
            pacer.giveBack(1)
            return Report(error.outcome)
        }
        do {
            _ = try await identity.confirm()
        } catch {
            pacer.giveBack(1)
            return Report(Outcome(error))
        }
        do {
            let answer = try await client.deliver(call.kind, call.method, call.path, call.body)
            let outcome = call.outcome(answer)
            if call.kind == .create, case .delivered(let conversation?) = outcome {
                tagging.add(claim.deliveries[0].entry.id, to: conversation)
            }
            return Report(outcome, status: answer.status, correlation: answer.correlation)
        } catch .unknown(let reason) where call.isRepeatable {
            return Report(.failed(after: nil, reason))
        } catch {
            return Report(Outcome(error))
        }
    }

    public func look(for look: Look) async -> Sighting {
        do {
            let organization = try await identity.confirm()
            if let joining = look.joining {
                guard look.entry.state == .inDoubt else {
                    return .blind("it joined a conversation, which shows no second time")
                }
                if let sighting = await followUps.sighting(of: look.entry, joining) {
                    return sighting
                }
            }
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

    // MARK: - What a claim comes to

    private func call(for claim: Claim) throws(Undeliverable) -> Call {
        if case .event(let event) = claim.deliveries.first?.content {
            return try self.call(for: event, of: claim)
        }
        guard let target = targets[claim.route.name] else {
            throw Undeliverable(
                .misconfigured(
                    "routes.\(claim.route.name) is no longer in the settings; restore it, or "
                        + "discard its entries"))
        }
        let deliveries = claim.deliveries.compactMap { delivery in
            delivery.content?.message.map { (entry: delivery.entry, message: $0) }
        }
        guard let (entry, message) = deliveries.first, deliveries.count == claim.deliveries.count
        else { throw Undeliverable(.refused("it has no message to bring to Genesys")) }
        let shop = shops[entry.shop] ?? ShopProfile(toName: "\(entry.shop)")
        if joins, let live = claim.standing.live {
            let request = FollowUpRequest(
                provider: provider, deliveries: deliveries, shop: shop)
            return Call(.join, "POST", FollowUpRequest.path(live), request.json) {
                Outcome(ofJoining: live, $0, provider: provider)
            }
        }
        let request = ConversationRequest(
            provider: provider, entry: entry, message: message, target: target, shop: shop,
            now: environment.now(), standing: claim.standing)
        return Call(.create, "POST", "/api/v2/conversations/emails", request.json) {
            Outcome(ofCreating: $0)
        }
    }

    private func call(for event: Event, of claim: Claim) throws(Undeliverable) -> Call {
        guard event.name == .threadClose else {
            throw Undeliverable(.refused("Genesys is told of no event \(event.name.rawValue)"))
        }
        // Whatever was live has ended by itself.
        guard let live = claim.standing.live else {
            throw Undeliverable(.delivered(reference: nil))
        }
        return Call(
            .conversation, "PATCH", "/api/v2/conversations/emails/\(live)",
            ["state": "disconnected"], isRepeatable: true
        ) { Outcome(ofEnding: $0) }
    }

    /// The one call of a delivery, and what its answer means.
    private struct Call {
        let kind: CallKind
        let method: String
        let path: String
        let body: JSON
        let isRepeatable: Bool
        let outcome: (Answer) -> Outcome

        init(
            _ kind: CallKind, _ method: String, _ path: String, _ body: JSON,
            isRepeatable: Bool = false, outcome: @escaping (Answer) -> Outcome
        ) {
            self.kind = kind
            self.method = method
            self.path = path
            self.body = body
            self.isRepeatable = isRepeatable
            self.outcome = outcome
        }
    }

    /// What a claim comes to without any call.
    private struct Undeliverable: Error {
        let outcome: Outcome

        init(_ outcome: Outcome) {
            self.outcome = outcome
        }
    }
}
