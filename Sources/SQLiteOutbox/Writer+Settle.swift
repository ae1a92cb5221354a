internal import GRDB
internal import Outbox

/// An entry with what only the store needs of it.
struct StoredEntry {
    var entry: Entry
    let route: Int64
    let destination: DestinationName
    var position: Int64
    var urgency: Int
    /// As due times are kept, other than the entry's own.
    var due: Int64?
    var reachBase: Int64
    let attempts: Int64
    let fence: Int64?
}

extension Writer {
    func settle(_ settlement: Settlement) throws {
        guard var stored = try find(settlement.entry), stored.entry.state == .sending,
            stored.fence == settlement.fence.rawValue
        else { throw StoreError.stale }
        let now = environment.now()
        let report = settlement.report
        try sql.endAttempt.run(
            now.milliseconds, report.outcome.label, report.outcome.reason, report.status,
            report.correlation, stored.entry.id.rawValue, stored.attempts)
        var counts = true
        switch settlement.verdict {
        case .delivered(let reference):
            stored.entry.reference = reference
        case .retry(let due, let counted, let reason):
            counts = counted
            stored.entry.reason = reason
            stored.due = (due + clocks.lead).milliseconds
            if counted { stored.urgency = max(stored.urgency, Urgency.retry) }
        case .inDoubt(let reason), .held(let reason), .dead(let reason):
            stored.entry.reason = reason
        }
        if counts { stored.entry.tries += 1 }
        try move(stored, to: settlement.verdict.state, at: now)
    }

    func sending(after last: EntryID, limit: Int) throws -> [EntryID] {
        try sql.findSending.all(last.rawValue, limit) { EntryID(rawValue: $0.integer(0)) }
    }

    /// Stops an entry that the last run left in the middle of an attempt.
    func doubt(_ entry: EntryID) throws {
        guard var stored = try find(entry), stored.entry.state == .sending else { return }
        stored.entry.tries += 1
        stored.entry.reason = "the bridge ended while it was being sent"
        try move(stored, to: .inDoubt, at: environment.now())
    }

    func find(_ entry: EntryID) throws -> StoredEntry? {
        try sql.findEntry.first(entry.rawValue) { row in
            let more = EntrySelection.width
            return StoredEntry(
                entry: try EntrySelection.entry(from: row, lead: clocks.lead),
                route: row.integer(more), destination: DestinationName(row.text(more + 6)),
                position: row.integer(more + 1), urgency: Int(row.integer(more + 2)),
                due: row.optionalInteger(7), reachBase: row.integer(more + 3),
                attempts: row.integer(more + 4), fence: row.optionalInteger(more + 5))
        }
    }

    /// Writes an entry in its new state, with its change, and moves its lane on.
    @discardableResult
    func move(
        _ stored: StoredEntry, to state: EntryState, at now: Timestamp, by actor: String? = nil
    ) throws -> Entry {
        var entry = stored.entry
        let due = state == .pending ? stored.due : nil
        countEntry(of: stored.route, from: entry.state, to: state)
        entry.state = state
        entry.dueAt = due.map { Timestamp(milliseconds: $0) + (.zero - clocks.lead) }
        try sql.saveEntry.run(
            stored.position, state.rawValue, stored.urgency, due, stored.reachBase, entry.tries,
            entry.reason, entry.reference, entry.id.rawValue)
        try recordChange(of: entry.id, to: state, at: now, reason: entry.reason, actor: actor)
        guard let lane = try findLane(entry.lane) else {
            throw inconsistent("entry \(entry.id) has no lane")
        }
        if lane.head == nil || lane.head == entry.id.rawValue { try advance(entry.lane, lane.held) }
        return entry
    }

    func findLane(_ id: LaneID) throws -> (head: Int64?, held: Bool)? {
        try sql.laneByID.first(id.rawValue) { ($0.optionalInteger(0), $0.integer(1) != 0) }
    }

    /// Gives a lane its first open entry for its head, and makes it due if that one may be claimed.
    func advance(_ lane: LaneID, _ held: Bool) throws {
        let first = try sql.firstOpen.first(lane.rawValue) { row in
            (
                id: row.integer(0), state: try row.state(1), route: row.integer(2),
                urgency: row.integer(3), due: row.optionalInteger(4)
            )
        }
        let isDue = !held && first?.state == .pending
        let due = isDue ? max(first?.due ?? 0, clocks.due().milliseconds) : nil
        try sql.saveLane.run(first?.id, first?.route, first?.urgency, due, lane.rawValue)
    }
}

/// What the tables say cannot be: a defect here or a damaged file.
func inconsistent(_ problem: String) -> DatabaseError {
    DatabaseError(resultCode: .SQLITE_MISMATCH, message: problem)
}
