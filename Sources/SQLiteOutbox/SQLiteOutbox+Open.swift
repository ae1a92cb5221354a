internal import GRDB
internal import GRDBSQLite
public import Logging
public import Outbox

extension SQLiteOutbox {
    /// Opens the store, or makes it where there is none yet.
    ///
    /// What an earlier process left in the middle of an attempt is `in_doubt` afterwards, and in a copy
    /// that was restored from a backup all that it shows as waiting.
    /// - Parameter path: of the file; others beside it begin with the same name.
    public static func open(
        at path: String, aftercare: Aftercare = Aftercare(), environment: Environment = .live,
        logger: Logger
    ) async throws(OpenError) -> SQLiteOutbox {
        try checkLibrary()
        let lock = try StoreLock(on: path)
        try createPrivateFile(at: path)
        do {
            let outbox = try SQLiteOutbox(at: path, lock, aftercare, environment, logger)
            let isRestored = try await outbox.queue.write { try $0.findRestored() }
            try await outbox.doubtUnfinished()
            if isRestored { try await outbox.doubtRestored() }
            return outbox
        } catch let error as OpenError {
            throw error
        } catch {
            throw .unusable(path: path, reason: StorageFailure(error).reason)
        }
    }

    private convenience init(
        at path: String, _ lock: StoreLock, _ aftercare: Aftercare, _ environment: Environment,
        _ logger: Logger
    ) throws {
        let database = try DatabaseQueue(path: path, configuration: .writing)
        try database.inDatabase { try checkDurability($0, path) }
        try database.read { try checkSchema($0) }
        try Schema.migrator.migrate(database)
        let (failures, failure) = AsyncStream.makeStream(of: StoreError.self)
        let ticks = Ticks()
        let clocks = try database.inDatabase { try Clocks(savedIn: $0, environment) }
        let calls = try database.inDatabase { try CallCounts(savedIn: $0, environment) }
        let queue = try CommitQueue(
            database, environment, clocks, calls, aftercare, lock, logger, committed: ticks.tick,
            failed: { failure.yield($0) })
        self.init(
            lock: lock, clocks: clocks, calls: calls, queue: queue,
            reader: try Reader(path: path, clocks), ticks: ticks, failures: failures,
            logger: logger)
    }
}

/// STRICT tables and RETURNING need it; what the distributions we run on have is newer.
private func checkLibrary() throws(OpenError) {
    guard sqlite3_libversion_number() >= 3_037_000 else {
        throw .oldSQLite(found: String(cString: sqlite3_libversion()), needed: "3.37.0")
    }
}

private func checkDurability(_ database: Database, _ path: String) throws {
    let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
    guard journal == "wal" else {
        throw OpenError.notDurable(
            path: path, reason: "its journal mode is \(journal ?? "unknown"), not wal")
    }
    guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
        throw OpenError.notDurable(path: path, reason: "SQLite does not keep synchronous = FULL")
    }
}

private func checkSchema(_ database: Database) throws {
    guard try Schema.migrator.hasBeenSuperseded(database) else { return }
    let known = Set(Schema.migrator.migrations)
    let unknown = try Schema.migrator.appliedIdentifiers(database).subtracting(known)
    throw OpenError.newerSchema(
        store: unknown.max() ?? "", program: Schema.migrator.migrations.last ?? "")
}

extension Clocks {
    fileprivate convenience init(savedIn database: Database, _ environment: Environment) throws {
        let saved = try Statement(database, "SELECT value FROM meta WHERE name = ?").first(
            Meta.dueClock
        ) { $0.text(0) }
        let reached = try Statement(database, "SELECT destination, name, reached FROM route").all {
            (
                Route(RouteName($0.text(1)), to: DestinationName($0.text(0))),
                Duration.milliseconds($0.integer(2))
            )
        }
        self.init(
            environment, dueClock: saved.flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) },
            reached: Dictionary(uniqueKeysWithValues: reached))
    }
}

extension CallCounts {
    fileprivate convenience init(savedIn database: Database, _ environment: Environment) throws {
        var months: [Month: [CallKind: Int]] = [:]
        let rows = try Statement(database, "SELECT month, kind, n FROM call_count").all {
            ($0.text(0), CallKind(rawValue: $0.text(1)), Int($0.integer(2)))
        }
        for case (let month, let kind?, let count) in rows {
            months[month, default: [:]][kind] = count
        }
        self.init(environment, saved: months)
    }
}
