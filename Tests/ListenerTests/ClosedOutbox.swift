import Outbox

/// A store whose disk has failed.
struct ClosedOutbox: OutboxStore {
    func accept(_ submission: Submission) async throws(StoreError) -> Acceptance { throw gone }
    var load: OutboxLoad { OutboxLoad(pending: 0, freeBytes: nil) }
    func claim(
        from routes: [Route], turns: [Urgency], joining: Bool
    ) async throws(StoreError) -> ClaimResult { throw gone }
    func looks(to destination: DestinationName, limit: Int) async throws(StoreError) -> LookResult {
        throw gone
    }
    func settle(_ look: Look, _ verdict: Verdict) async throws(StoreError) { throw gone }
    func fences(
        of references: [String]
    ) async throws(StoreError) -> [String: ClosedRange<Fence>] { throw gone }
    func sweep(except underWay: Set<Fence>) async throws(StoreError) -> [EntryID] { throw gone }
    func count(_ call: CallKind) {}
    var callsThisMonth: [CallKind: Int] { [:] }
    func settle(_ settlement: Settlement) async throws(StoreError) { throw gone }
    func setReachable(_ reachable: Bool, _ route: Route) {}
    func bind(to binding: Binding) async throws(StoreError) { throw gone }
    func perform(
        _ action: OperatorAction, on entry: EntryID, by actor: String
    ) async throws(StoreError) -> Entry { throw gone }
    func retryDead(limit: Int, by actor: String) async throws(StoreError) -> Int { throw gone }
    func setHold(_ held: Bool, on lane: LaneID, by actor: String) async throws(StoreError) {
        throw gone
    }
    func prune(
        before cutoff: Cutoff, at place: PruningPlace, limit: Int
    ) async throws(StoreError) -> PrunedPage { throw gone }
    func summary() async throws(StoreError) -> OutboxSummary { throw gone }
    func entries(_ query: EntryQuery) async throws(StoreError) -> [Entry] { throw gone }
    func entry(_ id: EntryID) async throws(StoreError) -> EntryRecord { throw gone }
    func changes(after sequence: Int64, limit: Int) async throws(StoreError) -> [Change] {
        throw gone
    }
    func receipt(of message: MessageID, in shop: ShopName) async throws(StoreError) -> Receipt {
        throw gone
    }
    func ticks() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
    func answers() async {}

    private var gone: StoreError { .unavailable("the disk failed") }
}

extension ClosedOutbox: ThreadStore {
    func observe(_: Observation) async throws(StoreError) -> Bool { throw gone }
    func live(after: ConversationID?, limit: Int) async throws(StoreError) -> [LiveRecord] {
        throw gone
    }
    func recreateDue(
        limit: Int
    ) async throws(StoreError) -> (count: Int, nextDue: Timestamp?) { throw gone }
    func write(_: AgentMessage) async throws(StoreError) -> Acceptance { throw gone }
    func dismiss(
        _: ThreadName, because: String, seen: MessageID?, by: String
    ) async throws(StoreError) { throw gone }
    func recreate(_: ThreadName, by: String) async throws(StoreError) { throw gone }
    func close(_: ThreadName, by: String) async throws(StoreError) { throw gone }
    func audit(_: AuditRecord, in: ThreadName) async throws(StoreError) { throw gone }
    func transcript(of: ThreadName) async throws(StoreError) -> Transcript { throw gone }
    func thread(of: String) async throws(StoreError) -> ThreadName { throw gone }
    func threads(
        of: String, in: ShopName, limit: Int
    ) async throws(StoreError) -> [ThreadSummary] { throw gone }
    func concerns(limit: Int) async throws(StoreError) -> [Concern] { throw gone }
    func audits(of: ThreadName) async throws(StoreError) -> [AuditRecord] { throw gone }
    func census(after: CensusPlace, limit: Int) async throws(StoreError) -> CensusPage {
        throw gone
    }
}
