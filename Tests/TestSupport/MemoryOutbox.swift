public import Outbox
import Synchronization

/// The outbox in plain dictionaries: as slow as it is easy to see that it is right.
public final class MemoryOutbox: OutboxStore {
    private let environment: Environment
    let books: Mutex<Books>
    private let listeners = Mutex<[AsyncStream<Void>.Continuation]>([])
    private let freeBytes = Mutex<Int?>(nil)
    private let failing = Mutex(0)
    let linksFail = Mutex(false)
    let loginsFail = Mutex(false)
    let lostParts = Mutex(Int.max)

    public init(_ environment: Environment, _ aftercare: Aftercare = Aftercare()) {
        self.environment = environment
        books = Mutex(Books(environment, aftercare))
    }

    public func accept(_ submission: Submission) async throws(StoreError) -> Acceptance {
        try change { books throws(StoreError) in try books.accept(submission) }
    }

    public var load: OutboxLoad {
        OutboxLoad(
            pending: books.withLock { $0.summary.backlog }, freeBytes: freeBytes.withLock { $0 })
    }

    /// What `load` says of the disk from now on.
    public func setFreeBytes(_ count: Int?) { freeBytes.withLock { $0 = count } }

    public func claim(
        from routes: [Route], turns: [Urgency], joining: Bool
    ) async throws(StoreError) -> ClaimResult {
        try change { books throws(StoreError) in
            books.claim(from: routes, turns: turns, joining: joining)
        }
    }

    /// Lets the next settlements fail, as on a full disk.
    public func failSettlements(_ count: Int) { failing.withLock { $0 = count } }

    /// How many are still to fail.
    public var settlementsToFail: Int { failing.withLock { $0 } }

    /// Lets no conversation be linked, as on a full disk.
    public func failLinks() { linksFail.withLock { $0 = true } }

    /// Lets the parts of files from that number on be gone, as if somebody dropped the file meanwhile.
    public func loseParts(from number: Int) { lostParts.withLock { $0 = number } }

    /// Lets no login be kept.
    public func failLogins() { loginsFail.withLock { $0 = true } }

    public func settle(_ settlement: Settlement) async throws(StoreError) {
        let fails = failing.withLock { left in
            defer { left = max(0, left - 1) }
            return left > 0
        }
        if fails { throw .unavailable("the disk is full") }
        try change { books throws(StoreError) in try books.settle(settlement) }
    }

    public func looks(
        to destination: DestinationName, limit: Int
    ) async throws(StoreError) -> LookResult {
        books.withLock { $0.looks(to: destination, limit: limit) }
    }

    public func settle(_ look: Look, _ verdict: Verdict) async throws(StoreError) {
        try change { books throws(StoreError) in try books.settle(look, verdict) }
    }

    public func fences(
        of references: [String]
    ) async throws(StoreError) -> [String: ClosedRange<Fence>] {
        books.withLock { $0.fences(of: references) }
    }

    public func sweep(except underWay: Set<Fence>) async throws(StoreError) -> [EntryID] {
        try change { books throws(StoreError) in
            books.sweep(except: underWay, because: "its attempt was abandoned")
        }
    }

    /// As a store that was opened again: what was being sent is in doubt, and no route counts as reachable.
    /// - Parameters:
    ///   - reached: what was kept of the time that each route was reachable.
    ///   - calls: what was kept of this month's calls; `nil` if all was.
    public func reopen(reached: [Route: Duration], calls: [CallKind: Int]?) {
        books.withLock { books in
            books.reach = reached.mapValues { ReachClock(counted: $0) }
            if let calls { books.callsThisMonth = calls }
            _ = books.sweep(except: [], because: "the bridge ended while it was being sent")
        }
    }

    public func count(_ call: CallKind) { books.withLock { $0.count(call) } }

    public var callsThisMonth: [CallKind: Int] { books.withLock { $0.callsThisMonth } }

    public func setReachable(_ reachable: Bool, _ route: Route) {
        books.withLock {
            $0.reach[route, default: ReachClock()].set(
                reachable: reachable, at: environment.uptime())
        }
    }

    public func bind(to binding: Binding) async throws(StoreError) {
        try change { books throws(StoreError) in
            let bound = books.binding ?? binding
            guard bound == binding else { throw .boundElsewhere(bound) }
            books.binding = bound
        }
    }

    public func perform(
        _ action: OperatorAction, on entry: EntryID, by actor: String
    ) async throws(StoreError) -> Entry {
        try change { books throws(StoreError) in
            try books.perform(action, on: entry, by: actor)
        }
    }

    public func retryDead(limit: Int, by actor: String) async throws(StoreError) -> Int {
        try change { books throws(StoreError) in books.retryDead(limit: limit, by: actor) }
    }

    public func setHold(
        _ held: Bool, on lane: LaneID, by actor: String
    ) async throws(StoreError) {
        try change { books throws(StoreError) in try books.setHold(held, on: lane, by: actor) }
    }

    public func prune(
        before cutoff: Cutoff, at place: PruningPlace, limit: Int
    ) async throws(StoreError) -> PrunedPage {
        books.withLock { $0.prune(before: cutoff, at: place, limit: limit) }
    }

    public func summary() async throws(StoreError) -> OutboxSummary {
        books.withLock { $0.summary }
    }

    public func entries(_ query: EntryQuery) async throws(StoreError) -> [Entry] {
        books.withLock { $0.entries(query) }
    }

    public func entry(_ id: EntryID) async throws(StoreError) -> EntryRecord {
        let record = books.withLock { $0.record(of: id) }
        guard let record else { throw .notFound }
        return record
    }

    public func changes(
        after sequence: Int64, limit: Int
    ) async throws(StoreError) -> [Change] {
        books.withLock { $0.changes(after: sequence, limit: limit) }
    }

    public func receipt(
        of message: MessageID, in shop: ShopName
    ) async throws(StoreError) -> Receipt {
        let receipt = books.withLock { $0.receipt(of: message, in: shop) }
        guard let receipt else { throw .notFound }
        return receipt
    }

    public func ticks() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        continuation.yield()
        listeners.withLock { $0.append(continuation) }
        return stream
    }

    public func answers() async {}

    /// Ticks if something was changed.
    func change<Value: Sendable>(
        _ body: (inout sending Books) throws(StoreError) -> sending Value
    ) throws(StoreError) -> Value {
        let result = books.withLock { books -> Result<(Value, Bool), StoreError> in
            let before = books.lastChange + Int64(books.messages.count)
            do throws(StoreError) {
                let value = try body(&books)
                return .success((value, books.lastChange + Int64(books.messages.count) > before))
            } catch {
                return .failure(error)
            }
        }
        let (value, hasChanged) = try result.get()
        if hasChanged { for listener in listeners.withLock({ $0 }) { listener.yield() } }
        return value
    }
}
