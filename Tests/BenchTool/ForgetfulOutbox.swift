import Outbox
import Synchronization

/// Says of every message that it is accepted, and keeps none: what is left is the cost of the listener.
final class ForgetfulOutbox: OutboxStore {
    private let numbers = Mutex(IdentifierSource())
    private let environment = Environment.live

    func accept(_ submission: Submission) async throws(StoreError) -> Acceptance {
        let number = numbers.withLock {
            $0.next(at: environment.now(), chance: UInt32(environment.chance() * 0x10_0000))
        }
        return .accepted(MessageID(rawValue: number))
    }

    var load: OutboxLoad { OutboxLoad(pending: 0, freeBytes: nil) }

    func claim(
        from: [Route], turns: [Urgency], joining: Bool
    ) async throws(StoreError) -> ClaimResult { ClaimResult(claims: [], nextDue: nil) }
    func settle(_: Settlement) async throws(StoreError) {}
    func looks(to: DestinationName, limit: Int) async throws(StoreError) -> LookResult {
        throw .unavailable(reason)
    }
    func settle(_: Look, _: Verdict) async throws(StoreError) {}
    func fences(of: [String]) async throws(StoreError) -> [String: ClosedRange<Fence>] { [:] }
    func sweep(except: Set<Fence>) async throws(StoreError) -> [EntryID] { [] }
    func count(_: CallKind) {}
    var callsThisMonth: [CallKind: Int] { [:] }
    func setReachable(_: Bool, _: Route) {}
    func bind(to: Binding) async throws(StoreError) {}

    func perform(
        _: OperatorAction, on: EntryID, by: String
    ) async throws(StoreError) -> Entry { throw .notFound }
    func retryDead(limit: Int, by: String) async throws(StoreError) -> Int { 0 }
    func setHold(_: Bool, on: LaneID, by: String) async throws(StoreError) {}

    func prune(
        before: Cutoff, at: PruningPlace, limit: Int
    ) async throws(StoreError) -> PrunedPage { PrunedPage(next: nil) }

    func summary() async throws(StoreError) -> OutboxSummary { throw .unavailable(reason) }
    func entries(_: EntryQuery) async throws(StoreError) -> [Entry] { [] }
    func entry(_: EntryID) async throws(StoreError) -> EntryRecord { throw .notFound }
    func changes(after: Int64, limit: Int) async throws(StoreError) -> [Change] { [] }
    func receipt(of: MessageID, in: ShopName) async throws(StoreError) -> Receipt {
        throw .notFound
    }
    func ticks() -> AsyncStream<Void> { AsyncStream { _ in } }
    func answers() async {}

    private var reason: String { "nothing is kept here" }
}

extension ForgetfulOutbox: ThreadStore {
    func observe(_: Observation) async throws(StoreError) -> Bool { throw .unavailable(reason) }
    func live(after: ConversationID?, limit: Int) async throws(StoreError) -> [LiveRecord] {
        throw .unavailable(reason)
    }
    func recreateDue(
        limit: Int
    ) async throws(StoreError) -> (count: Int, nextDue: Timestamp?) { throw .unavailable(reason) }
    func write(_: AgentMessage) async throws(StoreError) -> Acceptance {
        throw .unavailable(reason)
    }
    func dismiss(
        _: ThreadName, because: String, seen: MessageID?, by: String
    ) async throws(StoreError) { throw .unavailable(reason) }
    func recreate(_: ThreadName, by: String) async throws(StoreError) { throw .unavailable(reason) }
    func close(_: ThreadName, by: String) async throws(StoreError) { throw .unavailable(reason) }
    func audit(_: AuditRecord, in: ThreadName) async throws(StoreError) {
        throw .unavailable(reason)
    }
    func transcript(of: ThreadName) async throws(StoreError) -> Transcript {
        throw .unavailable(reason)
    }
    func thread(of: String) async throws(StoreError) -> ThreadName { throw .unavailable(reason) }
    func threads(
        of: String, in: ShopName, limit: Int
    ) async throws(StoreError) -> [ThreadSummary] { throw .unavailable(reason) }
    func concerns(limit: Int) async throws(StoreError) -> [Concern] { throw .unavailable(reason) }
    func audits(of: ThreadName) async throws(StoreError) -> [AuditRecord] {
        throw .unavailable(reason)
    }
    func census(after: CensusPlace, limit: Int) async throws(StoreError) -> CensusPage {
        throw .unavailable(reason)
    }
}
