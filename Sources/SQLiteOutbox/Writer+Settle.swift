internal import GRDB
internal import Outbox

/// An entry with what only the store needs of it.
struct StoredEntry {
    var entry: Entry
    let thread: Int64
    let route: Int64
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
    /// The conversation that its last attempt was to join, and the last entry of that call.
    let joins: String?
    let joinsLast: EntryID?

    /// Zero if there was no attempt.
    var lastFence: Fence { Fence(rawValue: fence ?? 0) }

    /// It comes no sooner than others of this urgency.
    mutating func hurry(as urgency: Urgency) { self.urgency = max(self.urgency, urgency.rawValue) }
}

extension Writer {
    func settle(_ settlement: Settlement) throws {
        let ends = try settlement.ends.map { end in
            guard let stored = try find(end.entry), stored.entry.state == .sending,
                stored.fence == settlement.fence.rawValue
            else { throw StoreError.stale }
            return (stored, end.verdict)
        }
        let now = environment.now()
        let report = settlement.report
        for (place, (entry, verdict)) in ends.enumerated() {
            var stored = entry
            try sql.endAttempt.run(
                now.milliseconds, report.outcome.label, report.outcome.reason, report.status,
                report.correlation, stored.entry.id.rawValue, stored.attempts)
            apply(verdict, to: &stored)
            if case .inDoubt = verdict { try beginDoubt(of: &stored) }
            // What comes of the first is theirs as well.
            if place > 0 { stored.lookAt = nil }
            if case .startOver = verdict, try !endUnseen(stored) {
                // The next attempt would be the same: without a pause this would go round and round.
                stored.due = (now + .seconds(60) + clocks.lead).milliseconds
            }
            if verdict.counts { stored.entry.tries += 1 }
            try move(stored, to: verdict.state, at: now)
        }
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
        case .startOver(let reason):
            stored.entry.reason = reason
            stored.due = clocks.due().milliseconds
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
                thread: row.integer(more + 9), route: row.integer(more),
                position: row.integer(more + 1), urgency: Int(row.integer(more + 2)),
                due: row.optionalInteger(7), reachBase: row.integer(more + 3),
                attempts: row.integer(more + 4), fence: row.optionalInteger(more + 5),
                doubted: row.optionalInteger(more + 6), looks: Int(row.integer(more + 7)),
                joins: row.optionalText(more + 8),
                joinsLast: row.optionalInteger(more + 10).map { EntryID(rawValue: $0) })
        }
    }

    /// Writes an entry in its new state, with its change, and moves its lane on.
    @discardableResult
    func move(
        _ stored: StoredEntry, to state: EntryState, at now: Timestamp, by actor: String? = nil
    ) throws -> Entry {
        var stored = stored
        let before = stored.entry.state
        countEntry(of: stored.route, to: stored.entry.destination, from: before, state)
        if state != .pending { stored.due = nil }
        stored.entry.state = state
        stored.entry.dueAt = stored.due.map { Timestamp(milliseconds: $0) + (.zero - clocks.lead) }
        try save(stored)
        let entry = stored.entry
        try recordChange(of: entry.id, to: state, at: now, reason: entry.reason, actor: actor)
        guard let lane = try findLane(entry.lane) else {
            throw inconsistent("entry \(entry.id) has no lane")
        }
        if lane.head == nil || lane.head == entry.id.rawValue {
            try advance(entry.lane, lane.held)
        } else {
            try sql.touchLane.run(entry.lane.rawValue)
        }
        try follow(stored, from: before, by: actor, at: now)
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

    /// Gives a lane its first open entry for its head, and makes it due if that one may be claimed; one in
    /// doubt is looked for from now on, at the latest.
    func advance(_ lane: LaneID, _ held: Bool) throws {
        let first = try sql.firstOpen.first(lane.rawValue) { row in
            (
                id: row.integer(0), state: try row.state(1), route: row.integer(2),
                urgency: row.integer(3), due: row.optionalInteger(4), isLookedFor: !row.isNull(5)
            )
        }
        let isDue = !held && first?.state == .pending
        let due = isDue ? max(first?.due ?? 0, clocks.due().milliseconds) : nil
        if let first, first.state == .inDoubt, !first.isLookedFor {
            try sql.saveLook.run(clocks.due().milliseconds, first.id)
        }
        try sql.saveLane.run(first?.id, first?.route, first?.urgency, due, lane.rawValue)
    }
}

extension Verdict {
    /// Whether the attempt that led to it counts for the backoff.
    fileprivate var counts: Bool {
        switch self {
        case .retry(_, counts: false, _), .startOver: false
        default: true
        }
    }
}

/// What the tables say cannot be: a defect here or a damaged file.
func inconsistent(_ problem: String) -> DatabaseError {
    DatabaseError(resultCode: .SQLITE_MISMATCH, message: problem)
}
