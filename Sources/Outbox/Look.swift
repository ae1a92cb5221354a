/// A look at the destination for what an attempt may have left there.
///
/// An entry `in_doubt` is looked for until it is known whether it arrived. One that was delivered after
/// a doubt is looked for once more, since the doubted attempt may have arrived after all.
public struct Look: Sendable, Equatable {
    /// `in_doubt`, or `delivered`.
    public let entry: Entry
    public let route: Route
    /// Of the entry's last attempt.
    public let fence: Fence
    /// Whatever was attempted after the doubt began has a higher number than this.
    public let since: Fence
    /// When the first attempt began, by the wall clock of that time.
    public let attemptedAt: Timestamp
    /// Looks before this one that counted.
    public let number: Int
    /// As of a delivery.
    public let age: Duration
    /// What it was to join, or may have joined; `nil` if it was to create a conversation.
    public let joining: Joining?

    /// A conversation that bears the last entry that joined it.
    public struct Joining: Sendable, Equatable {
        public var conversation: String
        /// The last entry of the call in doubt; `nil` where the store no longer knows of the call.
        public var last: EntryID?

        public init(conversation: String, last: EntryID?) {
            self.conversation = conversation
            self.last = last
        }
    }

    public init(
        entry: Entry, route: Route, fence: Fence, since: Fence, attemptedAt: Timestamp,
        number: Int, age: Duration, joining: Joining? = nil
    ) {
        self.entry = entry
        self.route = route
        self.fence = fence
        self.since = since
        self.attemptedAt = attemptedAt
        self.number = number
        self.age = age
        self.joining = joining
    }
}

/// Which looks are due.
public struct LookResult: Sendable, Equatable {
    public var looks: [Look]
    /// When the next one is, of those that are not among `looks`; `nil` if none is.
    public var nextDue: Timestamp?

    public init(looks: [Look], nextDue: Timestamp?) {
        self.looks = looks
        self.nextDue = nextDue
    }
}
