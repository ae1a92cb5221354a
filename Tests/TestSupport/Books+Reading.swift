import Outbox

extension Books {
    var summary: OutboxSummary {
        var destinations: [DestinationName: [EntryState: Int]] = [:]
        for stored in entries.values {
            destinations[stored.route.destination, default: [:]][stored.entry.state, default: 0] +=
                1
        }
        let waiting = threads.values.filter { $0.turn == .agent }
        return OutboxSummary(
            destinations: destinations,
            oldestPending: entries.values.filter { $0.entry.state == .pending }
                .map(\.entry.id.drawnAt).min(),
            awaitingAgent: waiting.count, awaitingAgentSince: waiting.map(\.since).min(),
            concerns: Dictionary(concerns.map { ($0.kind, 1) }) { $0 + $1 },
            lastChange: lastChange)
    }

    func entries(_ query: EntryQuery) -> [Entry] {
        let found = entries.values.map(\.entry).filter { entry in
            (query.state.map { $0 == entry.state } ?? true)
                && (query.thread.map { $0 == entry.thread } ?? true)
                && (query.text.map { matches(entry, $0) } ?? true)
                && (query.after.map { entry.id < $0 } ?? true)
        }
        return Array(found.sorted { $0.id > $1.id }.prefix(min(max(query.limit, 1), 500)))
    }

    private func matches(_ entry: Entry, _ text: String) -> Bool {
        let key = Key(shop: entry.shop, key: IdempotencyKey(text))
        return entry.id.description == text || entry.thread.description == text
            || entry.reference == text || keys[key]?.message == entry.message
    }

    func changes(after sequence: Int64, limit: Int) -> [Change] {
        let known = changes.filter { $0.sequence > sequence && entries[$0.entry] != nil }
        return Array(known.prefix(limit))
    }

    func record(of id: EntryID) -> EntryRecord? {
        entries[id].map {
            EntryRecord(
                entry: $0.entry, laneHeld: lanes[$0.entry.lane]?.isHeld ?? false,
                attempts: $0.attempts)
        }
    }

    func receipt(of message: MessageID, in shop: ShopName) -> Receipt? {
        guard let stored = messages[message], stored.thread.shop == shop else { return nil }
        let newest = delivery(of: message)
        return Receipt(
            message: message, thread: stored.thread.key,
            acceptedAt: EntryID(firstOf: message).drawnAt, state: newest?.state,
            reference: newest?.reference)
    }
}
