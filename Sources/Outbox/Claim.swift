/// The exclusive right to deliver the first entries of one lane, already on the disk.
public struct Claim: Sendable {
    public struct Delivery: Sendable {
        public let entry: Entry
        /// `nil` if what the store holds can no longer be read as a message.
        public let message: Message?
        /// For how long its route was reachable since the entry was accepted: what counts for its lifetime.
        public let age: Duration

        public init(entry: Entry, message: Message?, age: Duration) {
            self.entry = entry
            self.message = message
            self.age = age
        }
    }

    /// Grows with every claim of the store: a settlement with an older one is refused.
    public let fence: Fence
    public let lane: LaneID
    public let route: Route
    /// One or more, in the order they were accepted.
    public let deliveries: [Delivery]
    public let startedAt: Timestamp

    public init(
        fence: Fence, lane: LaneID, route: Route, deliveries: [Delivery], startedAt: Timestamp
    ) {
        self.fence = fence
        self.lane = lane
        self.route = route
        self.deliveries = deliveries
        self.startedAt = startedAt
    }
}

/// The fencing number of a claim.
public typealias Fence = Identifier<Claim>

/// What a look for due entries found.
public struct ClaimResult: Sendable {
    public var claims: [Claim]
    /// When the next lane of the asked routes is due, as far as it is known now; `nil` if none waits.
    public var nextDue: Timestamp?

    public init(claims: [Claim], nextDue: Timestamp?) {
        self.claims = claims
        self.nextDue = nextDue
    }
}

/// The end of one entry's attempt, as the store records it.
public struct Settlement: Sendable {
    public var entry: EntryID
    public var fence: Fence
    public var report: Report
    public var verdict: Verdict

    public init(entry: EntryID, fence: Fence, report: Report, verdict: Verdict) {
        self.entry = entry
        self.fence = fence
        self.report = report
        self.verdict = verdict
    }
}
