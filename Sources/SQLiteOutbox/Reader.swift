internal import GRDB
internal import Outbox

/// What is read beside the writing connection, so that no search stands in front of an answer.
struct Reader: Sendable {
    private let pool: DatabasePool
    let clocks: Clocks

    init(path: String, _ clocks: Clocks) throws {
        pool = try DatabasePool(path: path, configuration: .reading)
        self.clocks = clocks
    }

    /// Waits for the readings under way; later ones are refused.
    func close() { try? pool.close() }

    func summary() async throws(StoreError) -> OutboxSummary {
        try await read { database in
            var destinations: [DestinationName: [EntryState: Int]] = [:]
            let rows = try Statement(database, Query.entryCounts).all {
                (DestinationName($0.text(0)), try $0.state(1), Int($0.integer(2)))
            }
            for (destination, state, n) in rows {
                destinations[destination, default: [:]][state] = n
            }
            let concerns = try Statement(database, Query.concernCounts).all {
                (Concern.Kind(rawValue: Int($0.integer(0))) ?? .unanswered, Int($0.integer(1)))
            }
            return OutboxSummary(
                destinations: destinations,
                oldestPending: try Statement(database, Query.oldestPending).first {
                    EntryID(rawValue: $0.integer(0)).drawnAt
                },
                awaitingAgent: try Statement(database, Query.awaitingAgent).first {
                    Int($0.integer(0))
                } ?? 0,
                awaitingAgentSince: try Statement(database, Query.awaitingAgentSince).first {
                    $0.timestamp(0)
                },
                concerns: Dictionary(uniqueKeysWithValues: concerns),
                lastChange: try Statement(database, Query.lastChange).first { $0.integer(0) } ?? 0)
        }
    }

    func entries(_ query: EntryQuery) async throws(StoreError) -> [Entry] {
        let after = query.after?.rawValue ?? .max
        let limit = min(max(query.limit, 1), 500)
        return try await read { database in
            try Statement(database, Query.entries(query)).all(
                after, query.state?.rawValue, query.thread?.description, query.text,
                query.text.flatMap { EntryID($0)?.rawValue }, limit
            ) { try EntrySelection.entry(from: $0, lead: clocks.lead) }
        }
    }

    func entry(_ id: EntryID) async throws(StoreError) -> EntryRecord {
        try await read { database in
            let found = try Statement(database, Query.entry).first(id.rawValue) {
                (
                    try EntrySelection.entry(from: $0, lead: clocks.lead),
                    $0.integer(EntrySelection.width) != 0
                )
            }
            guard let (entry, laneHeld) = found else { throw StoreError.notFound }
            let attempts = try Statement(database, Query.attempts).all(id.rawValue) {
                AttemptRecord(
                    number: Int($0.integer(0)), fence: Fence(rawValue: $0.integer(1)),
                    startedAt: $0.timestamp(2),
                    endedAt: $0.optionalInteger(3).map { Timestamp(milliseconds: $0) },
                    outcome: $0.optionalText(4), reason: $0.optionalText(5),
                    status: $0.optionalInteger(6).map { Int($0) }, correlation: $0.optionalText(7))
            }
            return EntryRecord(entry: entry, laneHeld: laneHeld, attempts: attempts)
        }
    }

    func fences(of references: [String]) async throws(StoreError) -> [String: ClosedRange<Fence>] {
        try await read { database in
            let query = try Statement(database, Query.fences)
            let found = try references.compactMap { reference in
                try query.first(reference) { row in
                    row.isNull(0)
                        ? nil : Fence(rawValue: row.integer(0))...Fence(rawValue: row.integer(1))
                }.flatMap { $0 }.map { (reference, $0) }
            }
            return Dictionary(found) { first, _ in first }
        }
    }

    func changes(after sequence: Int64, limit: Int) async throws(StoreError) -> [Change] {
        try await read { database in
            try Statement(database, Query.changes).all(sequence, max(limit, 0)) {
                Change(
                    sequence: $0.integer(0), entry: EntryID(rawValue: $0.integer(1)),
                    shop: ShopName($0.text(2)), thread: ThreadKey($0.text(3)),
                    state: try $0.state(4), at: $0.timestamp(5), reason: $0.optionalText(6),
                    actor: $0.optionalText(7))
            }
        }
    }

    func receipt(of message: MessageID, in shop: ShopName) async throws(StoreError) -> Receipt {
        try await read { database in
            let found = try Statement(database, Query.receipt).first(
                message.rawValue, shop.description
            ) {
                Receipt(
                    message: message, thread: ThreadKey($0.text(0)),
                    acceptedAt: message.drawnAt,
                    state: $0.isNull(1) ? nil : try $0.state(1), reference: $0.optionalText(2))
            }
            guard let found else { throw StoreError.notFound }
            return found
        }
    }

    /// A page of threads that were begun before the cutoff, and which of them may be dropped.
    func oldThreads(
        before cutoff: Timestamp, after thread: Int64, limit: Int
    ) async throws(StoreError) -> [(id: Int64, isDone: Bool)] {
        let end = MessageID(firstAt: cutoff).rawValue
        return try await read { database in
            try Statement(database, Query.threads).all(thread, end, limit) {
                (id: $0.integer(0), first: $0.integer(1), isDone: $0.integer(2) != 0)
            }.prefix { $0.first < end }.map { ($0.id, $0.isDone) }
        }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            pool.asyncRead { database in
                let result: Result<Value, StoreError>
                do {
                    result = .success(try body(try database.get()))
                } catch let refusal as StoreError {
                    result = .failure(refusal)
                } catch {
                    result = .failure(.unavailable(StorageFailure(error).reason))
                }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }
}
