/// Keeps what becomes of a thread once its messages are delivered: its conversations, its answers, and who has
/// to see to it.
///
/// As with `OutboxStore`, every call that writes returns only after its transaction is on the disk.
public protocol ThreadStore: Sendable {

    // MARK: Conversations

    /// Takes in what Genesys showed of a conversation, with all that follows from it: events for the shop, and
    /// a fate for a customer whose conversation ended without an answer.
    ///
    /// What is seen of a conversation before its creation is settled is kept for then, as long as there is room.
    /// - Returns: whether it is known to be one of ours.
    @discardableResult
    func observe(_ observation: Observation) async throws(StoreError) -> Bool

    /// A page of conversations that are live as far as is known here, oldest first.
    /// - Parameter after: the last of the page before.
    func live(after: ConversationID?, limit: Int) async throws(StoreError) -> [LiveRecord]

    /// Creates conversations again whose time has come.
    /// - Returns: how many, and when the next one is due.
    func recreateDue(limit: Int) async throws(StoreError) -> (count: Int, nextDue: Timestamp?)

    // MARK: Answering

    /// Writes what an agent wrote; an answer also gets an entry for the shop's callback, where it has one.
    /// - Throws: `notFound`; `wroteAgain` if the customer wrote after what the agent had seen; `conflict` if
    ///   the key came before with another digest.
    func write(_ message: AgentMessage) async throws(StoreError) -> Acceptance

    /// Marks that the customer needs no answer, for a reason that is kept.
    /// - Throws: `notFound`, `wroteAgain`
    func dismiss(
        _ thread: ThreadName, because reason: String, seen: MessageID?, by actor: String
    ) async throws(StoreError)

    /// Brings the customer's newest message to Genesys again, now.
    /// - Throws: `notFound`; `notAllowed` where nobody waits, or it is on its way already.
    func recreate(_ thread: ThreadName, by actor: String) async throws(StoreError)

    /// Ends the matter for the shop: what waits is discarded, a live conversation is disconnected.
    /// - Throws: `notFound`
    func close(_ thread: ThreadName, by actor: String) async throws(StoreError)

    /// Records who did something that the store does not see by itself, such as reading.
    /// - Throws: `notFound`
    func audit(_ record: AuditRecord, in thread: ThreadName) async throws(StoreError)

    // MARK: Reading

    /// - Throws: `notFound`
    func transcript(of thread: ThreadName) async throws(StoreError) -> Transcript

    /// The thread of a conversation at Genesys.
    /// - Throws: `notFound`
    func thread(of conversation: String) async throws(StoreError) -> ThreadName

    /// A customer's threads, the newest first.
    /// - Parameter customer: the shop's id of the customer, else their email in lower case.
    func threads(
        of customer: String, in shop: ShopName, limit: Int
    ) async throws(StoreError) -> [ThreadSummary]

    /// Oldest first.
    func concerns(limit: Int) async throws(StoreError) -> [Concern]

    /// Everything that was done in a thread, oldest first.
    /// - Throws: `notFound`
    func audits(of thread: ThreadName) async throws(StoreError) -> [AuditRecord]

    /// A page of the threads in which a customer waits, and which of them nobody has: neither a conversation
    /// nor an entry nor a concern.
    /// - Parameter after: where the page before ended.
    func census(after place: CensusPlace, limit: Int) async throws(StoreError) -> CensusPage
}

/// A conversation that has to be followed.
public struct LiveRecord: Sendable, Equatable {
    /// Grows with the time it was first known of.
    public var id: ConversationID
    public var reference: String
    public var stage: ConversationStage
    public var queue: Queue?

    public init(
        id: ConversationID, reference: String, stage: ConversationStage, queue: Queue?
    ) {
        self.id = id
        self.reference = reference
        self.stage = stage
        self.queue = queue
    }
}

/// Where a census stands among the threads in which a customer waits, the longest waiting first.
public struct CensusPlace: Sendable, Equatable {
    public var since: Timestamp
    public var thread: Int64

    public init(since: Timestamp, thread: Int64) {
        self.since = since
        self.thread = thread
    }

    public static let start = CensusPlace(since: Timestamp(milliseconds: .min), thread: 0)
}

public struct CensusPage: Sendable, Equatable {
    public var waiting: Int
    /// Nobody has them: there must be none.
    public var forgotten: [ThreadName]
    /// Where the next page begins; `nil` at the end.
    public var next: CensusPlace?

    public init(waiting: Int, forgotten: [ThreadName], next: CensusPlace?) {
        self.waiting = waiting
        self.forgotten = forgotten
        self.next = next
    }
}
