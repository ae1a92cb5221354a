internal import Outbox

/// Looks that are due, and what could not be read of them.
struct StoredLooks: Sendable {
    var result = LookResult(looks: [], nextDue: nil)
    /// Entries that are not looked for any more.
    var setAside: [EntryID] = []
}

extension Writer {
    func looks(to destination: DestinationName, limit: Int) throws -> StoredLooks {
        let now = clocks.due()
        let next = try sql.nextLooks.all(destination.description, limit + 1) {
            (entry: EntryID(rawValue: $0.integer(0)), at: $0.timestamp(1))
        }
        let due = next.prefix(limit).prefix { $0.at <= now }
        var found = StoredLooks()
        for (entry, _) in due {
            if let look = try readable({ try look(for: entry) }) {
                found.result.looks.append(look)
            } else {
                try sql.dropLook.run(entry.rawValue)
                found.setAside.append(entry)
            }
        }
        found.result.nextDue = next.dropFirst(due.count).first.map { $0.at + (.zero - clocks.lead) }
        return found
    }

    private func look(for entry: EntryID) throws -> Look? {
        guard let stored = try find(entry),
            stored.entry.state == .inDoubt || stored.entry.state == .delivered
        else { return nil }
        let route = Route(stored.entry.route, to: stored.destination)
        let begun = try sql.firstAttempt.first(entry.rawValue) { $0.timestamp(0) }
        return Look(
            entry: stored.entry, route: route, fence: stored.lastFence,
            since: stored.doubted.map { Fence(rawValue: $0) } ?? stored.lastFence,
            attemptedAt: begun ?? stored.entry.acceptedAt, number: stored.looks,
            age: max(.zero, clocks.reached(route) - .milliseconds(stored.reachBase)))
    }

    func settle(_ look: Look, _ verdict: Verdict) throws {
        guard var stored = try find(look.entry.id), stored.entry.state == look.entry.state,
            stored.lastFence == look.fence, stored.looks == look.number
        else { throw StoreError.stale }
        let before = stored.entry
        guard before.state == .inDoubt || verdict.state == .delivered else {
            throw StoreError.notAllowed("a delivered entry stays so, whatever a look shows")
        }
        apply(verdict, to: &stored)
        if verdict.counts { stored.looks += 1 }
        switch (before.state, verdict) {
        case (.inDoubt, .inDoubt):
            try save(stored)
        case (.delivered, .delivered(_, note: nil, _)):
            stored.entry.reason = before.reason
            try save(stored)
        default:
            try move(stored, to: verdict.state, at: environment.now())
        }
    }
}

extension Verdict {
    /// Whether the look that led to it was made.
    fileprivate var counts: Bool {
        if case .inDoubt(_, _, let counts) = self { counts } else { true }
    }
}
