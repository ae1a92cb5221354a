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
                try sql.saveLook.run(Int64?.none, entry.rawValue)
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
        let route = Route(stored.entry.route, to: stored.entry.destination)
        let begun = try sql.firstAttempt.first(entry.rawValue) { $0.timestamp(0) }
        return Look(
            entry: stored.entry, route: route, fence: stored.lastFence,
            since: stored.doubted.map { Fence(rawValue: $0) } ?? stored.lastFence,
            attemptedAt: begun ?? stored.entry.acceptedAt, number: stored.looks,
            age: max(.zero, clocks.reached(route) - .milliseconds(stored.reachBase)),
            joining: try joining(of: stored))
    }

    /// What a call in doubt was to join; of one that this store knows nothing of, since it is a restored copy,
    /// what it may have joined.
    private func joining(of stored: StoredEntry) throws -> Look.Joining? {
        let isKnown = try sql.isKnownAttempt.first(stored.entry.id.rawValue) { $0.integer(0) != 0 }
        guard isKnown == true else {
            let live = try liveConversation(of: stored.thread)
            return live.map { Look.Joining(conversation: $0.observation.reference, last: nil) }
        }
        return stored.joins.map { Look.Joining(conversation: $0, last: stored.joinsLast) }
    }

    /// The other open entries that went in the same call, in their order.
    func companions(of stored: StoredEntry) throws -> [EntryID] {
        guard let fence = stored.fence else { return [] }
        return try sql.openEntries.all(stored.entry.lane.rawValue, Self.most) {
            (EntryID(rawValue: $0.integer(0)), fence: $0.optionalInteger(4))
        }.filter { $0.fence == fence && $0.0 != stored.entry.id }.map(\.0)
    }

    func settle(_ look: Look, _ verdict: Verdict) throws {
        guard var stored = try find(look.entry.id), stored.entry.state == look.entry.state,
            stored.lastFence == look.fence, stored.looks == look.number
        else { throw StoreError.stale }
        let before = stored.entry
        guard before.state == .inDoubt || verdict.state == .delivered else {
            throw StoreError.notAllowed("a delivered entry stays so, whatever a look shows")
        }
        let companions = try companions(of: stored)
        apply(verdict, to: &stored)
        if verdict.counts { stored.looks += 1 }
        switch (before.state, verdict) {
        case (.inDoubt, .inDoubt):
            try save(stored)
            try sql.touchLane.run(stored.entry.lane.rawValue)
        case (.delivered, .delivered(_, note: nil, _)):
            stored.entry.reason = before.reason
            try save(stored)
        default:
            try move(stored, to: verdict.state, at: environment.now())
        }
        if before.state == .delivered, stored.joins == nil,
            let reference = stored.entry.reference, reference != before.reference
        {
            try beginConversation(of: stored.thread, reference, at: environment.now())
        }
        guard before.state == .inDoubt, verdict.state != .inDoubt else { return }
        for id in companions {
            guard var companion = try find(id), companion.entry.state == .inDoubt else { continue }
            apply(verdict, to: &companion)
            try move(companion, to: verdict.state, at: environment.now())
        }
    }
}

extension Verdict {
    /// Whether the look that led to it was made.
    fileprivate var counts: Bool {
        if case .inDoubt(_, _, let counts) = self { counts } else { true }
    }
}
