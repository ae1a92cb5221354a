internal import Outbox

/// A claim whose contents are still as they are stored: they are read outside the writing connection's queue.
struct StoredClaim: Sendable {
    struct Delivery: Sendable {
        var entry: Entry
        let age: Duration
        /// A message, or else an event.
        let message: [UInt8]?
        let event: [UInt8]?
    }

    let fence: Fence
    let lane: LaneID
    let route: Route
    var deliveries: [Delivery]
    let startedAt: Timestamp
    let standing: Standing
}

/// What a look for due lanes has come to.
struct StoredClaims: Sendable {
    var claims: [StoredClaim] = []
    /// Lanes that are not due any more since their first entry cannot be claimed.
    var setAside: [(lane: LaneID, entry: EntryID)] = []
    var nextDue: Timestamp?
}

extension Writer {
    /// How many entries go in one call at the most.
    static let most = 50

    func claim(from routes: [Route], turns: [Urgency], joining: Bool) throws -> StoredClaims {
        let known = try routes.compactMap { route in
            try existingRoute(route).map { KnownRoute(id: $0, route: route) }
        }
        var result = StoredClaims()
        for urgency in Urgency.allCases {
            try take(turns.count { $0 == urgency }, urgency, from: known, joining, into: &result)
        }
        for urgency in Urgency.allCases {
            let left = turns.count - result.claims.count
            try take(left, urgency, from: known, joining, into: &result)
        }
        let next = try known.flatMap { route in
            try Urgency.allCases.compactMap { urgency in
                try sql.nextDue.first(route.id, urgency.rawValue) { $0.timestamp(0) }
            }
        }
        result.nextDue = next.min().map { $0 + (.zero - clocks.lead) }
        return result
    }

    private func take(
        _ most: Int, _ urgency: Urgency, from routes: [KnownRoute], _ joining: Bool,
        into result: inout StoredClaims
    ) throws {
        let end = result.claims.count + most
        while result.claims.count < end {
            let room = end - result.claims.count
            let lanes = try due(urgency, from: routes, limit: room)
            for lane in lanes {
                if let claim = try claim(lane, joining) {
                    result.claims.append(claim)
                } else {
                    result.setAside.append(
                        (LaneID(rawValue: lane.id), EntryID(rawValue: lane.head)))
                }
            }
            guard lanes.count == room else { return }
        }
    }

    private func due(
        _ urgency: Urgency, from routes: [KnownRoute], limit: Int
    ) throws -> some Collection<DueLane> {
        let now = clocks.due().milliseconds
        return try routes.flatMap { route in
            try sql.dueLanes.all(route.id, urgency.rawValue, now, limit) {
                DueLane(
                    dueAt: $0.integer(2), id: $0.integer(0), head: $0.integer(1), route: route)
            }
        }.sorted { ($0.dueAt, $0.id) < ($1.dueAt, $1.id) }.prefix(limit)
    }

    /// - Returns: `nil` if the lane's first entry is not there, is not to be read or is not pending; the lane
    ///   is not due any more then.
    private func claim(_ lane: DueLane, _ joining: Bool) throws -> StoredClaim? {
        try sql.claimLane.run(lane.id)
        guard let first = try delivery(of: lane.head, by: lane.route) else { return nil }
        let standing = try standing(of: first, to: lane.route.route.destination)
        var found = [first]
        let joins = joining && first.delivery.message != nil ? standing.live : nil
        if joins != nil { found += try followers(in: lane) }
        let last = joins == nil ? nil : found.last?.delivery.entry.id.rawValue
        let now = environment.now()
        let fence = try nextChange()
        var claim = StoredClaim(
            fence: Fence(rawValue: fence), lane: LaneID(rawValue: lane.id),
            route: lane.route.route, deliveries: [], startedAt: now, standing: standing)
        for var next in found {
            let id = next.delivery.entry.id
            next.delivery.entry.state = .sending
            next.delivery.entry.dueAt = nil
            next.delivery.entry.reason = nil
            try sql.claimEntry.run(next.attempts + 1, fence, joins, last, id.rawValue)
            try sql.beginAttempt.run(id.rawValue, next.attempts + 1, fence, now.milliseconds)
            countEntry(
                of: lane.route.id, to: lane.route.route.destination, from: .pending, .sending)
            try recordChange(of: id, to: .sending, at: now, reason: nil, actor: nil)
            claim.deliveries.append(next.delivery)
        }
        hasClaimed = true
        return claim
    }

    /// The messages behind the first one that are due and go the same way.
    private func followers(in lane: DueLane) throws -> [Claimable] {
        let now = clocks.due().milliseconds
        let open = try sql.openEntries.all(lane.id, Self.most) {
            (
                id: $0.integer(0), isPending: $0.integer(1) == 0, route: $0.integer(2),
                due: $0.optionalInteger(3)
            )
        }
        var found: [Claimable] = []
        for entry in open.dropFirst() {
            guard entry.isPending, entry.route == lane.route.id, entry.due ?? .max <= now,
                let next = try delivery(of: entry.id, by: lane.route), next.delivery.message != nil
            else { break }
            found.append(next)
        }
        return found
    }

    private func delivery(of entry: Int64, by route: KnownRoute) throws -> Claimable? {
        let found = try readable {
            try sql.findDelivery.first(entry) { row in
                let more = EntrySelection.width
                let base = Duration.milliseconds(row.integer(more))
                return Claimable(
                    delivery: StoredClaim.Delivery(
                        entry: try EntrySelection.entry(from: row, lead: .zero),
                        age: max(.zero, clocks.reached(route.route) - base),
                        message: row.isNull(more + 2) ? nil : row.bytes(more + 2),
                        event: row.isNull(more + 3) ? nil : row.bytes(more + 3)),
                    attempts: row.integer(more + 1), thread: row.integer(more + 4))
            }
        }
        return found?.delivery.entry.state == .pending ? found : nil
    }

    /// Of no concern to any destination but Genesys.
    private func standing(
        of claimable: Claimable, to destination: DestinationName
    ) throws -> Standing {
        guard destination == .genesys else { return Standing() }
        if let event = claimable.delivery.event.flatMap({ Event(payload: $0) }) {
            return Standing(live: try conversation(toEndBy: event))
        }
        let thread = claimable.thread
        if let live = try liveConversation(of: thread) {
            return Standing(live: live.observation.reference)
        }
        let earlier = try threads.countConversations.first(thread) { Int($0.integer(0)) } ?? 0
        guard earlier > 0 else { return Standing() }
        let agent = try threads.lastAgent.first(thread) {
            Agent(id: $0.text(0), name: $0.optionalText(1))
        }
        return Standing(earlier: earlier, lastAgent: agent)
    }
}

extension Writer {
    /// The one that was live as its thread was closed, or what was under way then has become.
    private func conversation(toEndBy event: Event) throws -> String? {
        if let conversation = event.conversation { return conversation }
        guard let entry = event.message else { return nil }
        return try find(EntryID(firstOf: entry))?.entry.reference
    }
}

/// An entry that may be claimed.
private struct Claimable {
    var delivery: StoredClaim.Delivery
    let attempts: Int64
    let thread: Int64
}

private struct KnownRoute {
    let id: Int64
    let route: Route
}

private struct DueLane {
    let dueAt: Int64
    let id: Int64
    let head: Int64
    let route: KnownRoute
}
