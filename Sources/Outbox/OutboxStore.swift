/// Keeps messages, threads and entries, and never forgets what it has answered for.
///
/// Every call that writes returns only after its transaction is on the disk, and runs to its end even if
/// the calling task is cancelled: a settlement that is lost would send a message twice. After an I/O
/// error every write throws `unavailable`, for good.
///
/// Each transition of an entry appends one change in its own transaction.
public protocol OutboxStore: Sendable {

    // MARK: Intake

    /// Writes the message, its thread and, where it has a route, its entry at the end of its lane.
    ///
    /// A message of the customer makes the thread await an agent, one of the staff the customer. A
    /// repeat of the key with the same digest changes nothing and is answered with the first message.
    /// - Throws: `conflict` if the key came before with another digest.
    func accept(_ submission: Submission) async throws(StoreError) -> Acceptance

    /// How full it is; answered at once.
    var load: OutboxLoad { get }

    // MARK: Relay

    /// Takes the first entry of a due lane of these routes for each turn, oldest due first, and commits the
    /// intent: state `sending`, one attempt begun under one fencing number a lane.
    ///
    /// Where messages join (`joining`) and the thread has a live conversation, a claim takes all that follows
    /// in the lane and is due, up to fifty.
    ///
    /// A turn for which no lane of its urgency is due goes to the most urgent one that is. A lane with an
    /// entry in `sending`, `in_doubt` or `held`, or held by an operator, is not due. The cost does not
    /// depend on how many entries wait, and a lane that cannot be read does not keep the others.
    func claim(
        from routes: [Route], turns: [Urgency], joining: Bool
    ) async throws(StoreError) -> ClaimResult

    /// Records the end of the attempt and moves its entries and their lane on.
    /// - Throws: `stale` if one of them is no longer under that fencing number; nothing is changed then.
    func settle(_ settlement: Settlement) async throws(StoreError)

    /// Looks that are due, oldest first; they stay due until they are settled. Of a lane only the first entry
    /// is looked for; what went in the same call shares what comes of it.
    func looks(to destination: DestinationName, limit: Int) async throws(StoreError) -> LookResult

    /// Records what a look has led to.
    ///
    /// A verdict `delivered` with a note, and each that changes the state, is a change. Every look counts
    /// but one that could not be made. What goes back from a doubt has the urgency of a retry.
    /// - Throws: `stale` if the entry has moved on since the look was read, `notAllowed` for any verdict
    ///   but `delivered` on a delivered entry; nothing is changed then.
    func settle(_ look: Look, _ verdict: Verdict) async throws(StoreError)

    /// The first and the last attempt of the entry that each of these conversations belongs to, where there
    /// is one.
    func fences(of references: [String]) async throws(StoreError) -> [String: ClosedRange<Fence>]

    /// Puts in doubt, to be looked for at once, what is `sending` under none of these numbers: nobody
    /// is going to settle it.
    ///
    /// In pages and each entry for itself, so that one that cannot be moved does not keep the others.
    /// - Returns: those that were moved.
    func sweep(except underWay: Set<Fence>) async throws(StoreError) -> [EntryID]

    /// Counts a call of this month.
    func count(_ call: CallKind)

    /// The calls of this calendar month (UTC); those of the last half minute may be lost in a crash.
    var callsThisMonth: [CallKind: Int] { get }

    /// Tells from when on a route counts as reachable or not: entries age only while it is.
    ///
    /// A route is unreachable until it is first said to be reachable.
    func setReachable(_ reachable: Bool, _ route: Route)

    /// Ties the store to the organisation and provider its entries go to, at the first good answer.
    /// - Throws: `boundElsewhere` if it is tied to another; nothing may be delivered then.
    func bind(to binding: Binding) async throws(StoreError)

    // MARK: Operator

    /// Does what a person orders, and records who did.
    ///
    /// A retried `dead` entry goes to the end of its lane, a `held` or `in_doubt` one stays at its front.
    /// - Throws: `notFound`, or `notAllowed` if the action does not fit the entry's state.
    func perform(_ action: OperatorAction, on entry: EntryID, by actor: String)
        async throws(StoreError) -> Entry

    /// Retries up to `limit` dead entries, oldest first, and says how many were.
    func retryDead(limit: Int, by actor: String) async throws(StoreError) -> Int

    /// Stops a lane, or lets it go on.
    /// - Throws: `notFound`
    func setHold(_ held: Bool, on lane: LaneID, by actor: String) async throws(StoreError)

    // MARK: Retention

    /// Drops one page of what is kept no longer, and says where the next one begins.
    ///
    /// History goes first: the changes before the cutoff of entries that are done with, and with the change
    /// in which an entry ended all its attempts. Then whole threads, whose newest message is older than the
    /// cutoff: only those in which every entry is done with and its attempts are gone, and of which no
    /// lane is held. The newest change is never dropped, so that no number comes twice. Then files that were begun
    /// before the cutoff, were not sent, and are in no draft.
    /// - Parameter limit: how many changes or threads are looked at, and how many messages, events and parts of
    ///   files are dropped: of a large thread the oldest first, of a file all. At least 1.
    func prune(before cutoff: Cutoff, at place: PruningPlace, limit: Int)
        async throws(StoreError) -> PrunedPage

    // MARK: Reading

    func summary() async throws(StoreError) -> OutboxSummary

    /// A page of entries, newest first.
    func entries(_ query: EntryQuery) async throws(StoreError) -> [Entry]

    /// - Throws: `notFound`
    func entry(_ id: EntryID) async throws(StoreError) -> EntryRecord

    /// Changes with a number above `sequence`, oldest first, without a gap or a repeat but for those that
    /// were dropped.
    func changes(after sequence: Int64, limit: Int) async throws(StoreError) -> [Change]

    /// The message's delivery as its shop may see it.
    /// - Throws: `notFound`, also for another shop's message.
    func receipt(of message: MessageID, in shop: ShopName) async throws(StoreError) -> Receipt

    /// Ticks after commits; several ticks may come as one. A new stream ticks at once.
    func ticks() -> AsyncStream<Void>

    /// Returns once the writer has come to this call: shows that it is not stuck.
    func answers() async
}

extension OutboxStore {
    /// Claims up to `limit` lanes, the most urgent first.
    public func claim(
        from routes: [Route], limit: Int, joining: Bool = false
    ) async throws(StoreError) -> ClaimResult {
        try await claim(
            from: routes, turns: Array(repeating: .new, count: limit), joining: joining)
    }
}

/// Why the store did not do what it was asked.
public enum StoreError: Error, Equatable, Sendable {
    /// The idempotency key was used before, for this message, with another body.
    case conflict(with: MessageID)
    /// The customer wrote this after what the agent had seen.
    case wroteAgain(MessageID)
    case notFound
    /// The entry's state does not allow the action; the text says what would.
    case notAllowed(String)
    /// What would be kept is more than can be; the text says what to do.
    case noRoom(String)
    /// The fencing number is no longer the entry's.
    case stale
    /// The store belongs to another organisation or provider.
    case boundElsewhere(Binding)
    /// The disk failed or the store is closed: nothing is written any more. The process has to end.
    case unavailable(String)
}

/// Whose conversations a store holds: an id of one organisation means nothing in another.
public struct Binding: Sendable, Equatable {
    public var organization: String
    public var provider: String

    public init(organization: String, provider: String) {
        self.organization = organization
        self.provider = provider
    }
}
