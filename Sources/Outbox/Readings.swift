/// How many entries stand in each state, who waits, and for how long.
public struct OutboxSummary: Sendable, Equatable {
    public var destinations: [DestinationName: [EntryState: Int]]
    /// When the oldest `pending` entry was made.
    public var oldestPending: Timestamp?
    /// Threads whose customer waits for an answer.
    public var awaitingAgent: Int
    /// Since when the longest waiting one does.
    public var awaitingAgentSince: Timestamp?
    /// Customers somebody has to see to.
    public var concerns: [Concern.Kind: Int]
    /// The number of the newest change.
    public var lastChange: Int64

    public init(
        destinations: [DestinationName: [EntryState: Int]], oldestPending: Timestamp?,
        awaitingAgent: Int, awaitingAgentSince: Timestamp?, concerns: [Concern.Kind: Int] = [:],
        lastChange: Int64
    ) {
        self.destinations = destinations
        self.oldestPending = oldestPending
        self.awaitingAgent = awaitingAgent
        self.awaitingAgentSince = awaitingAgentSince
        self.concerns = concerns
        self.lastChange = lastChange
    }

    /// Of all destinations together.
    public var counts: [EntryState: Int] {
        var all = Dictionary(uniqueKeysWithValues: EntryState.allCases.map { ($0, 0) })
        for counts in destinations.values { all.merge(counts) { $0 + $1 } }
        return all
    }

    /// How many entries wait to be sent to Genesys.
    public var backlog: Int {
        let counts = destinations[.genesys] ?? [:]
        return (counts[.pending] ?? 0) + (counts[.sending] ?? 0)
    }
}

/// Which entries a person wants to see.
public struct EntryQuery: Sendable, Equatable {
    public var state: EntryState?
    public var thread: ThreadKey?
    /// An entry's id, a thread's key, an idempotency key or a conversation's id, whole.
    public var text: String?
    /// Only entries older than this one: the last of the page before.
    public var after: EntryID?
    /// 1 to 500.
    public var limit: Int

    public init(
        state: EntryState? = nil, thread: ThreadKey? = nil, text: String? = nil,
        after: EntryID? = nil, limit: Int = 50
    ) {
        self.state = state
        self.thread = thread
        self.text = text
        self.after = after
        self.limit = limit
    }
}

/// One try to deliver, as it was recorded.
public struct AttemptRecord: Sendable, Equatable {
    public var number: Int
    public var fence: Fence
    public var startedAt: Timestamp
    /// `nil` while it is under way, or if the process ended in it.
    public var endedAt: Timestamp?
    /// The outcome's label.
    public var outcome: String?
    public var reason: String?
    public var status: Int?
    public var correlation: String?

    public init(
        number: Int, fence: Fence, startedAt: Timestamp, endedAt: Timestamp?, outcome: String?,
        reason: String?, status: Int?, correlation: String?
    ) {
        self.number = number
        self.fence = fence
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcome = outcome
        self.reason = reason
        self.status = status
        self.correlation = correlation
    }
}

/// One entry with every attempt, oldest first.
public struct EntryRecord: Sendable, Equatable {
    public var entry: Entry
    public var laneHeld: Bool
    public var attempts: [AttemptRecord]

    public init(entry: Entry, laneHeld: Bool, attempts: [AttemptRecord]) {
        self.entry = entry
        self.laneHeld = laneHeld
        self.attempts = attempts
    }
}

/// One transition of an entry, numbered in the order of the commits.
public struct Change: Sendable, Equatable {
    public var sequence: Int64
    public var entry: EntryID
    public var shop: ShopName
    public var thread: ThreadKey
    public var state: EntryState
    public var at: Timestamp
    public var reason: String?
    /// The name of the operator's token, where a person did it.
    public var actor: String?

    public init(
        sequence: Int64, entry: EntryID, shop: ShopName, thread: ThreadKey, state: EntryState,
        at: Timestamp, reason: String?, actor: String?
    ) {
        self.sequence = sequence
        self.entry = entry
        self.shop = shop
        self.thread = thread
        self.state = state
        self.at = at
        self.reason = reason
        self.actor = actor
    }
}

/// What a shop may know of its message's delivery.
public struct Receipt: Sendable, Equatable {
    public var message: MessageID
    public var thread: ThreadKey
    public var acceptedAt: Timestamp
    /// `nil` for a message that joined the transcript only.
    public var state: EntryState?
    public var reference: String?

    public init(
        message: MessageID, thread: ThreadKey, acceptedAt: Timestamp, state: EntryState?,
        reference: String?
    ) {
        self.message = message
        self.thread = thread
        self.acceptedAt = acceptedAt
        self.state = state
        self.reference = reference
    }
}
