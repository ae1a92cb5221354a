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

/// What a look for due lanes has come to.
struct StoredClaims: Sendable {
    var claims: [StoredClaim] = []
    /// Lanes that are not due any more since their first entry cannot be claimed.
    var setAside: [(lane: LaneID, entry: EntryID)] = []
    var nextDue: Timestamp?
}

extension Writer {
    func claim(from routes: [Route], turns: [Urgency]) throws -> StoredClaims {
        let known = try routes.compactMap { route in
            try existingRoute(route).map { KnownRoute(id: $0, route: route) }
        }
        var result = StoredClaims()
        for urgency in Urgency.allCases {
            try take(turns.count { $0 == urgency }, urgency, from: known, into: &result)
        }
        for urgency in Urgency.allCases {
            try take(turns.count - result.claims.count, urgency, from: known, into: &result)
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
        _ most: Int, _ urgency: Urgency, from routes: [KnownRoute], into result: inout StoredClaims
    ) throws {
        let end = result.claims.count + most
        while result.claims.count < end {
            let room = end - result.claims.count
            let lanes = try due(urgency, from: routes, limit: room)
            for lane in lanes {
                if let claim = try claim(lane) {
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
    private func claim(_ lane: DueLane) throws -> StoredClaim? {
        try sql.claimLane.run(lane.id)
        let found = try readable {
            try sql.findDelivery.first(lane.head) { row in
                (
                    entry: try EntrySelection.entry(from: row, lead: .zero),
                    base: Duration.milliseconds(row.integer(EntrySelection.width)),
                    attempts: row.integer(EntrySelection.width + 1),
                    payload: row.bytes(EntrySelection.width + 2)
                )
            }
        }
        guard let found, found.entry.state == .pending else { return nil }
        let now = environment.now()
        let fence = try nextChange()
        let attempts = found.attempts + 1
        var entry = found.entry
        entry.state = .sending
        entry.dueAt = nil
        entry.reason = nil
        try sql.claimEntry.run(attempts, fence, lane.head)
        try sql.beginAttempt.run(lane.head, attempts, fence, now.milliseconds)
        countEntry(of: lane.route.id, from: .pending, to: .sending)
        try recordChange(of: entry.id, to: .sending, at: now, reason: nil, actor: nil)
        hasClaimed = true
        return StoredClaim(
            fence: Fence(rawValue: fence), lane: entry.lane, route: lane.route.route, entry: entry,
            age: max(.zero, clocks.reached(lane.route.route) - found.base),
            payload: found.payload, startedAt: now)
    }
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
