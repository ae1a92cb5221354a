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
    var doubted: Int64?
    var looks: Int
    /// As due times are kept.
    var lookAt: Int64?

    /// Zero if there was no attempt.
    var lastFence: Fence { Fence(rawValue: fence ?? 0) }

    /// It comes no sooner than others of this urgency.
    mutating func hurry(as urgency: Urgency) { self.urgency = max(self.urgency, urgency.rawValue) }
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
        apply(settlement.verdict, to: &stored)
        if case .inDoubt = settlement.verdict { try beginDoubt(of: &stored) }
        if case .retry(_, counts: false, _) = settlement.verdict {} else { stored.entry.tries += 1 }
        try move(stored, to: settlement.verdict.state, at: now)
    }

    /// What a verdict makes of an entry, but for its state.
    func apply(_ verdict: Verdict, to stored: inout StoredEntry) {
        stored.lookAt = verdict.lookAt.map { ($0 + clocks.lead).milliseconds }
        switch verdict {
        case .delivered(let reference, let note, _):
            stored.entry.reference = reference
            stored.entry.reason = note
        case .retry(let due, let counts, let reason):
            stored.entry.reason = reason
            stored.due = (due + clocks.lead).milliseconds
            if counts || stored.entry.state == .inDoubt { stored.hurry(as: .retry) }
        case .resend(let reason):
            stored.entry.reason = reason
            stored.entry.isPossibleDuplicate = true
            stored.due = clocks.due().milliseconds
            stored.hurry(as: .retry)
        case .inDoubt(let reason, _, _), .held(let reason), .dead(let reason):
            stored.entry.reason = reason
        }
    }

    func find(_ entry: EntryID) throws -> StoredEntry? {
        try sql.findEntry.first(entry.rawValue) { row in
            let more = EntrySelection.width
            return StoredEntry(
                entry: try EntrySelection.entry(from: row, lead: clocks.lead),
                route: row.integer(more), destination: DestinationName(row.text(more + 6)),
                position: row.integer(more + 1), urgency: Int(row.integer(more + 2)),
                due: row.optionalInteger(7), reachBase: row.integer(more + 3),
                attempts: row.integer(more + 4), fence: row.optionalInteger(more + 5),
                doubted: row.optionalInteger(more + 7), looks: Int(row.integer(more + 8)))
        }
    }

    /// Writes an entry in its new state, with its change, and moves its lane on.
    @discardableResult
    func move(
        _ stored: StoredEntry, to state: EntryState, at now: Timestamp, by actor: String? = nil
    ) throws -> Entry {
        var stored = stored
        countEntry(of: stored.route, from: stored.entry.state, to: state)
        if state != .pending { stored.due = nil }
        stored.entry.state = state
        stored.entry.dueAt = stored.due.map { Timestamp(milliseconds: $0) + (.zero - clocks.lead) }
        try save(stored)
        let entry = stored.entry
        try recordChange(of: entry.id, to: state, at: now, reason: entry.reason, actor: actor)
        guard let lane = try findLane(entry.lane) else {
            throw inconsistent("entry \(entry.id) has no lane")
        }
        if lane.head == nil || lane.head == entry.id.rawValue { try advance(entry.lane, lane.held) }
        return entry
    }

    func save(_ stored: StoredEntry) throws {
        let entry = stored.entry
        try sql.saveEntry.run(
            stored.position, entry.state.rawValue, stored.urgency, stored.due, stored.reachBase,
            entry.tries, entry.reason, entry.reference, entry.doubts, stored.doubted, stored.looks,
            stored.lookAt, entry.isPossibleDuplicate ? 1 : 0, entry.id.rawValue)
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
