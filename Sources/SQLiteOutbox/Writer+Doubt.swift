internal import Outbox

extension Writer {
    /// An entry as a page shows it; it may have moved on since.
    struct Seen: Sendable {
        let entry: EntryID
        let fence: Fence
    }

    enum Doubting: Sendable {
        case moved
        case movedOn
        /// It, or what it refers to, is not to be read.
        case unreadable
    }

    func page(of state: EntryState, after last: EntryID, limit: Int) throws -> [Seen] {
        try sql.pageInState.all(state.rawValue, last.rawValue, limit) {
            Seen(entry: EntryID(rawValue: $0.integer(0)), fence: Fence(rawValue: $0.integer(1)))
        }
    }

    /// Puts an entry in doubt, to be looked for at once, that nobody is going to settle.
    ///
    /// Its attempt, if there is one, stays without an end.
    func doubt(_ seen: Seen, in state: EntryState, because reason: String) throws -> Doubting {
        guard var stored = try readable({ try find(seen.entry) }) else { return .unreadable }
        guard stored.entry.state == state, stored.lastFence == seen.fence else { return .movedOn }
        guard stored.entry.destination == .genesys else { return try repeatSafely(stored) }
        if state == .sending { stored.entry.tries += 1 }
        stored.entry.reason = reason
        try beginDoubt(of: &stored)
        try move(stored, to: .inDoubt, at: environment.now())
        return .moved
    }

    /// A callback bears the same id each time: it may be sent once more.
    private func repeatSafely(_ stored: StoredEntry) throws -> Doubting {
        guard stored.entry.state == .sending else { return .movedOn }
        var stored = stored
        stored.due = clocks.due().milliseconds
        try move(stored, to: .pending, at: environment.now())
        return .movedOn
    }

    /// Comes before the change that says so.
    func beginDoubt(of stored: inout StoredEntry) throws {
        stored.entry.doubts += 1
        stored.doubted = try nextChange()
        stored.looks = 0
    }

    // MARK: Restored copies

    /// Whether the store is a copy older than what was last done with it, or was found to be one by a run
    /// that did not come to its end.
    func findRestored() throws -> Bool {
        let newest = try newestChange()
        if newest > 0, newest < floor { try sql.saveMeta.run(Meta.restored, String(floor)) }
        return try sql.findMeta.first(Meta.restored) { $0.text(0) } != nil
    }

    func endRestored() throws { try sql.dropMeta.run(Meta.restored) }
}
