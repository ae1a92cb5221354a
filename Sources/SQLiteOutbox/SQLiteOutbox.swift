internal import Logging
public import Outbox
public import ServiceLifecycle
internal import Synchronization

/// The outbox on one SQLite file.
///
/// One connection writes and checkpoints; a few that can only read serve the readings. See `CommitQueue`
/// for how writes share a transaction, and `Schema` for what is kept.
public final class SQLiteOutbox: OutboxStore, Service {
    private let lock: StoreLock
    let clocks: Clocks
    private let calls: CallCounts
    let queue: CommitQueue
    let reader: Reader
    private let allTicks: Ticks
    private let failures: AsyncStream<StoreError>
    let logger: Logger
    /// Entries that could not be moved, of which the log has been told.
    let stuck = Mutex<Set<EntryID>>([])

    init(
        lock: StoreLock, clocks: Clocks, calls: CallCounts, queue: CommitQueue, reader: Reader,
        ticks: Ticks, failures: AsyncStream<StoreError>, logger: Logger
    ) {
        self.lock = lock
        self.clocks = clocks
        self.calls = calls
        self.queue = queue
        self.reader = reader
        self.allTicks = ticks
        self.failures = failures
        self.logger = logger
    }

    /// Waits for the end of the program, and closes the store.
    /// - Throws: `unavailable` as soon as the disk has failed: the process has to end.
    public func run() async throws {
        for await failure in failures.cancelOnGracefulShutdown() { throw failure }
        await close()
    }

    /// Writes what waits, and leaves the file so that the next start finds nothing to repair.
    public func close() async {
        allTicks.finish()
        reader.close()
        await queue.close()
        lock.release()
    }

    /// How many transactions have changed something since the store was opened.
    public var commits: Int { queue.commits }

    // MARK: Intake

    public func accept(_ submission: Submission) async throws(StoreError) -> Acceptance {
        let payload = submission.message.payload
        return try await queue.write { try $0.accept(submission, payload: payload) }
    }

    public var load: OutboxLoad {
        OutboxLoad(pending: queue.backlog, freeBytes: lock.freeBytes)
    }

    // MARK: Relay

    public func claim(
        from routes: [Route], turns: [Urgency], joining: Bool
    ) async throws(StoreError) -> ClaimResult {
        let found = try await queue.write {
            try $0.claim(from: routes, turns: turns, joining: joining)
        }
        for (lane, entry) in found.setAside {
            logger.error(
                "a lane is set aside: its first entry is not to be read",
                metadata: ["lane": "\(lane.rawValue)", "entry": "\(entry)"])
        }
        return ClaimResult(claims: found.claims.map { Claim($0) }, nextDue: found.nextDue)
    }

    public func settle(_ settlement: Settlement) async throws(StoreError) {
        try await queue.write { try $0.settle(settlement) }
    }

    public func looks(
        to destination: DestinationName, limit: Int
    ) async throws(StoreError) -> LookResult {
        let found = try await queue.write { try $0.looks(to: destination, limit: limit) }
        for entry in found.setAside {
            logger.error(
                "an entry in doubt is not to be read, nor looked for",
                metadata: ["entry": "\(entry)"])
        }
        return found.result
    }

    public func settle(_ look: Look, _ verdict: Verdict) async throws(StoreError) {
        try await queue.write { try $0.settle(look, verdict) }
    }

    public func fences(
        of references: [String]
    ) async throws(StoreError) -> [String: ClosedRange<Fence>] {
        try await reader.fences(of: references)
    }

    public func sweep(except underWay: Set<Fence>) async throws(StoreError) -> [EntryID] {
        try await doubt(.sending, except: underWay, because: "its attempt was abandoned")
    }

    public func count(_ call: CallKind) { calls.count(call) }

    public var callsThisMonth: [CallKind: Int] { calls.thisMonth }

    public func setReachable(_ reachable: Bool, _ route: Route) {
        clocks.setReachable(reachable, route)
    }

    public func bind(to binding: Binding) async throws(StoreError) {
        try await queue.write { try $0.bind(to: binding) }
    }

    // MARK: Operator

    public func perform(
        _ action: OperatorAction, on entry: EntryID, by actor: String
    ) async throws(StoreError) -> Entry {
        try await queue.write { try $0.perform(action, on: entry, by: actor) }
    }

    public func retryDead(limit: Int, by actor: String) async throws(StoreError) -> Int {
        try await queue.write { try $0.retryDead(limit: limit, by: actor) }
    }

    public func setHold(
        _ held: Bool, on lane: LaneID, by actor: String
    ) async throws(StoreError) {
        try await queue.write { try $0.setHold(held, on: lane, by: actor) }
    }

    // MARK: Reading

    public func summary() async throws(StoreError) -> OutboxSummary {
        try await reader.summary()
    }

    public func entries(_ query: EntryQuery) async throws(StoreError) -> [Entry] {
        try await reader.entries(query)
    }

    public func entry(_ id: EntryID) async throws(StoreError) -> EntryRecord {
        try await reader.entry(id)
    }

    public func changes(
        after sequence: Int64, limit: Int
    ) async throws(StoreError) -> [Change] {
        try await reader.changes(after: sequence, limit: limit)
    }

    public func receipt(
        of message: MessageID, in shop: ShopName
    ) async throws(StoreError) -> Receipt {
        try await reader.receipt(of: message, in: shop)
    }

    public func ticks() -> AsyncStream<Void> { allTicks.stream() }

    public func answers() async {
        try? await queue.write { _ in }
    }
}

extension Claim {
    fileprivate init(_ stored: StoredClaim) {
        self.init(
            fence: stored.fence, lane: stored.lane, route: stored.route,
            deliveries: stored.deliveries.map {
                Delivery(entry: $0.entry, content: Content($0), age: $0.age)
            },
            startedAt: stored.startedAt, standing: stored.standing)
    }
}

extension Content {
    fileprivate init?(_ stored: StoredClaim.Delivery) {
        if let payload = stored.message, let message = try? Message(payload: payload) {
            self = .message(message)
        } else if let payload = stored.event, let event = Event(payload: payload) {
            self = .event(event)
        } else {
            return nil
        }
    }
}
