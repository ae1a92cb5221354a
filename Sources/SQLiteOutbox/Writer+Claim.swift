internal import Outbox

/// A claim whose message is still as it is stored: it is read outside the writing connection's queue.
struct StoredClaim: Sendable {
    let fence: Fence
    let lane: LaneID
    let route: Route
    let entry: Entry
    let age: Duration
    let payload: [UInt8]
    let startedAt: Timestamp
}

extension Writer {
    /// How soon a lane comes: new entries before those tried again, before those sent again in bulk.
    enum Urgency {
        static let new = 0
        static let retry = 1
        static let bulk = 2
        static let all = new...bulk
    }

    func claim(from routes: [Route], limit: Int) throws -> ([StoredClaim], nextDue: Timestamp?) {
        let due = clocks.due()
        let known = try routes.compactMap { route in
            try existingRoute(route).map { (id: $0, route: route) }
        }
        var claims: [StoredClaim] = []
        for urgency in Urgency.all where claims.count < limit {
            let room = limit - claims.count
            let lanes = try known.flatMap { route in
                try sql.dueLanes.all(route.id, urgency, due.milliseconds, room) {
                    DueLane(
                        dueAt: $0.integer(2), id: $0.integer(0), head: $0.integer(1),
                        routeID: route.id, route: route.route)
                }
            }
            for lane in lanes.sorted(by: { ($0.dueAt, $0.id) < ($1.dueAt, $1.id) }).prefix(room) {
                claims.append(try claim(lane))
            }
        }
        let next = try known.flatMap { route in
            try Urgency.all.compactMap { urgency in
                try sql.nextDue.first(route.id, urgency) { $0.timestamp(0) }
            }
        }
        return (claims, next.min().map { $0 + (.zero - clocks.lead) })
    }

    private func claim(_ lane: DueLane) throws -> StoredClaim {
        let now = environment.now()
        let fence = try nextChange()
        let found = try sql.findDelivery.first(lane.head) { row in
            (
                entry: try EntrySelection.entry(from: row, lead: .zero),
                base: Duration.milliseconds(row.integer(EntrySelection.width)),
                attempts: row.integer(EntrySelection.width + 1),
                payload: row.bytes(EntrySelection.width + 2)
            )
        }
        guard let found else {
            throw inconsistent("lane \(lane.id) has a head that is not there")
        }
        let attempts = found.attempts + 1
        var entry = found.entry
        entry.state = .sending
        entry.dueAt = nil
        entry.reason = nil
        try sql.claimLane.run(lane.id)
        try sql.claimEntry.run(attempts, fence, lane.head)
        try sql.beginAttempt.run(lane.head, attempts, fence, now.milliseconds)
        countEntry(of: lane.routeID, from: .pending, to: .sending)
        try recordChange(of: entry.id, to: .sending, at: now, reason: nil, actor: nil)
        return StoredClaim(
            fence: Fence(rawValue: fence), lane: entry.lane, route: lane.route, entry: entry,
            age: max(.zero, clocks.reached(lane.route) - found.base), payload: found.payload,
            startedAt: now)
    }
}

private struct DueLane {
    let dueAt: Int64
    let id: Int64
    let head: Int64
    let routeID: Int64
    let route: Route
}
