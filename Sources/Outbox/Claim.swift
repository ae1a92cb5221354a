/// The exclusive right to deliver the first entries of one lane, already on the disk.
public struct Claim: Sendable {
    public struct Delivery: Sendable {
        public let entry: Entry
        /// `nil` if what the store holds can no longer be read.
        public let content: Content?
        /// For how long its route was reachable since the entry was accepted: what counts for its lifetime.
        public let age: Duration

        public init(entry: Entry, content: Content?, age: Duration) {
            self.entry = entry
            self.content = content
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
    /// Of the thread at Genesys; several deliveries all join its live conversation.
    public let standing: Standing

    public init(
        fence: Fence, lane: LaneID, route: Route, deliveries: [Delivery], startedAt: Timestamp,
        standing: Standing = Standing()
    ) {
        self.fence = fence
        self.lane = lane
        self.route = route
        self.deliveries = deliveries
        self.startedAt = startedAt
        self.standing = standing
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

/// The end of an attempt, as the store records it: one call, and what becomes of each of its entries.
public struct Settlement: Sendable {
    public struct End: Sendable, Equatable {
        public var entry: EntryID
        public var verdict: Verdict

        public init(_ entry: EntryID, _ verdict: Verdict) {
            self.entry = entry
            self.verdict = verdict
        }
    }

    public var fence: Fence
    public var report: Report
    /// In the order of the claim.
    public var ends: [End]

    public init(fence: Fence, report: Report, ends: [End]) {
        self.fence = fence
        self.report = report
        self.ends = ends
    }

    public init(entry: EntryID, fence: Fence, report: Report, verdict: Verdict) {
        self.init(fence: fence, report: report, ends: [End(entry, verdict)])
    }
}
