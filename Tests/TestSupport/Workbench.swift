public import Outbox

/// A store with its clock, and the few words in which a test speaks to it.
public struct Workbench: Sendable {
    public let store: any OutboxStore & ThreadStore & DeskStore
    public let clock: ManualClock

    public init(_ store: any OutboxStore & ThreadStore & DeskStore, _ clock: ManualClock) {
        self.store = store
        self.clock = clock
        store.setReachable(true, .standard)
    }

    // MARK: Intake

    public func submit(_ submission: Submission) async throws(StoreError) -> Acceptance {
        try await store.accept(submission)
    }

    /// Accepts a new message and returns its entry's id.
    @discardableResult
    public func post(
        _ thread: String = "thread", shop: String = "shop", route: Route? = .standard,
        direction: Message.Direction = .customer
    ) async throws -> EntryID {
        let acceptance = try await submit(
            .example(thread: thread, shop: shop, route: route, direction: direction))
        guard case .accepted(let message) = acceptance else {
            throw Unexpected(description: "\(acceptance)")
        }
        return EntryID(firstOf: message)
    }

    // MARK: Relay

    public func claim(
        _ limit: Int = 100, from routes: [Route] = [.standard]
    ) async throws(StoreError) -> [Claim] {
        try await store.claim(from: routes, limit: limit).claims
    }

    /// The only claim there is.
    public func claimOne(from routes: [Route] = [.standard]) async throws -> Claim {
        let claims = try await claim(from: routes)
        guard let claim = claims.first, claims.count == 1 else {
            throw Unexpected(description: "\(claims.count) claims instead of one")
        }
        return claim
    }

    public func settle(
        _ claim: Claim, _ verdict: Verdict, _ outcome: Outcome = .unknown("for a test")
    ) async throws(StoreError) {
        try await store.settle(
            Settlement(
                fence: claim.fence, report: Report(outcome),
                ends: claim.deliveries.map { Settlement.End($0.entry.id, verdict) }))
    }

    public func retry(_ claim: Claim, after wait: Duration, counts: Bool = true)
        async throws(StoreError)
    {
        try await settle(
            claim, .retry(at: clock.now + wait, counts: counts, reason: "again"),
            .failed(after: nil, "again"))
    }

    /// Accepts a message and brings its entry into a state.
    public func post(
        _ thread: String = "thread", in state: EntryState
    ) async throws -> EntryID {
        let id = try await post(thread)
        switch state {
        case .pending: return id
        case .discarded: _ = try await store.perform(.discard, on: id, by: "test")
        case .sending: _ = try await claimOne()
        case .inDoubt: try await settle(claimOne(), .doubtful(at: clock.now + .seconds(5)))
        case .held: try await settle(claimOne(), .held(reason: "undecidable"))
        case .delivered: try await settle(claimOne(), .delivered(reference: "conversation"))
        case .dead: try await settle(claimOne(), .dead(reason: "refused"))
        }
        return id
    }

    // MARK: Looks

    public func looks(_ limit: Int = 100) async throws(StoreError) -> [Look] {
        try await store.looks(to: .genesys, limit: limit).looks
    }

    /// The only look that is due.
    public func lookOne() async throws -> Look {
        let looks = try await looks()
        guard let look = looks.first, looks.count == 1 else {
            throw Unexpected(description: "\(looks.count) looks instead of one")
        }
        return look
    }

    // MARK: Reading

    public func entry(_ id: EntryID) async throws(StoreError) -> Entry {
        try await store.entry(id).entry
    }

    public func state(_ id: EntryID) async throws(StoreError) -> EntryState {
        try await entry(id).state
    }
}

extension Verdict {
    public static func doubtful(at lookAt: Timestamp) -> Verdict {
        .inDoubt(reason: "doubtful", lookAt: lookAt)
    }
}

/// What a test needed did not come about.
struct Unexpected: Error, CustomStringConvertible {
    let description: String
}

extension Route {
    public static let standard = Route(.default)
    public static let other = Route(RouteName("other"))
}

extension Submission {
    public static func example(
        thread: String = "thread", shop: String = "shop", route: Route? = .standard,
        key: String? = nil, digest: [UInt8] = [1, 2, 3], body: String = "Where is my order?",
        direction: Message.Direction = .customer
    ) -> Submission {
        Submission(
            shop: ShopName(shop), thread: ThreadKey(thread),
            message: Message(
                body: body, direction: direction,
                customer: Customer(id: "7", email: "erika@example.org")),
            route: direction == .customer ? route : nil, key: key.map { IdempotencyKey($0) },
            digest: digest)
    }
}
