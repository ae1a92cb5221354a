/// How long what is done with is kept: entries `delivered` or `discarded` for which no look is due.
public struct Retention: Sendable, Equatable {
    /// Attempts and changes of an entry, since its end.
    public var history: Duration
    /// A thread with its messages and their idempotency keys, since its newest message; not shorter than
    /// the history.
    public var threads: Duration

    public init(
        history: Duration = .seconds(90 * 86_400), threads: Duration = .seconds(365 * 86_400)
    ) {
        self.history = history
        self.threads = threads
    }

    public func cutoff(at now: Timestamp) -> Cutoff {
        Cutoff(
            history: now + (.zero - history), threads: now + (.zero - threads),
            files: now + .seconds(-86_400))
    }
}

/// Before when what is done with is not kept any more.
public struct Cutoff: Sendable, Equatable {
    public var history: Timestamp
    public var threads: Timestamp
    /// Of files that were uploaded and that nobody has a use for any more.
    public var files: Timestamp

    public init(
        history: Timestamp, threads: Timestamp, files: Timestamp = Timestamp(milliseconds: 0)
    ) {
        self.history = history
        self.threads = threads
        self.files = files
    }
}

/// Where a round of pruning stands; what the numbers count is the store's own affair.
public enum PruningPlace: Sendable, Equatable {
    case history(after: Int64)
    case threads(after: Int64)
    case files
    /// What has become free goes back to the disk.
    case space

    public static let start = PruningPlace.history(after: 0)
}

/// What was dropped.
public struct Pruned: Sendable, Equatable {
    public var changes: Int
    public var threads: Int
    public var messages: Int
    public var events: Int
    /// Of files.
    public var parts: Int
    /// Given back to the disk.
    public var bytes: Int

    public init(
        changes: Int = 0, threads: Int = 0, messages: Int = 0, events: Int = 0, parts: Int = 0,
        bytes: Int = 0
    ) {
        self.changes = changes
        self.threads = threads
        self.messages = messages
        self.events = events
        self.parts = parts
        self.bytes = bytes
    }

    /// What a page is limited by.
    public var rows: Int { messages + events + parts }

    public static func += (left: inout Self, right: Self) {
        left.changes += right.changes
        left.threads += right.threads
        left.messages += right.messages
        left.events += right.events
        left.parts += right.parts
        left.bytes += right.bytes
    }
}

/// One page of a round of pruning.
public struct PrunedPage: Sendable, Equatable {
    public var dropped: Pruned
    /// Where the next page begins; `nil` at the end of the round.
    public var next: PruningPlace?

    public init(dropped: Pruned = Pruned(), next: PruningPlace?) {
        self.dropped = dropped
        self.next = next
    }
}
