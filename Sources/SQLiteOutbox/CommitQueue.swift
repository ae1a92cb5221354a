internal import Dispatch
internal import GRDB
internal import Logging
internal import Outbox
internal import Synchronization

/// Puts the writes that wait at the same time into one transaction, so that they share its way to the disk.
///
/// A transaction takes everything that has come by the time it ends, up to `limit` writes; none ever
/// waits for company. A write runs to its end whatever becomes of the task that asked for it.
final class CommitQueue: Sendable {
    private static let limit = 256

    let database: DatabaseQueue
    private let lock: StoreLock
    private let logger: Logger
    private let committed: @Sendable () -> Void
    private let failed: @Sendable (StoreError) -> Void
    private let state = Mutex(State())
    private let checkpoints: Checkpoints
    /// Touched on the queue of `database` only; `nil` once nothing is written any more.
    nonisolated(unsafe) private var writer: Writer?
    /// That the disk cannot be trusted any more; touched on the queue of `database` only.
    nonisolated(unsafe) private var hasFailed = false

    private struct State {
        var waiting: [Write] = []
        var isDraining = false
        /// Why no write is taken any more.
        var end: StoreError?
        var commits = 0
        /// Entries that wait to be sent.
        var backlog = 0
    }

    /// - Parameters:
    ///   - committed: called after each transaction that has changed something, unless quietly.
    ///   - failed: called when the disk has failed.
    init(
        _ database: DatabaseQueue, _ environment: Environment, _ clocks: Clocks,
        _ calls: CallCounts, _ aftercare: Aftercare, _ lock: StoreLock, _ logger: Logger,
        committed: @escaping @Sendable () -> Void, failed: @escaping @Sendable (StoreError) -> Void
    ) throws {
        self.database = database
        self.lock = lock
        self.logger = logger
        self.committed = committed
        self.failed = failed
        let checkpoints = Checkpoints()
        self.checkpoints = checkpoints
        let (writer, backlog) = try database.inDatabase { connection in
            checkpoints.watch(connection)
            try checkpoints.run(connection, .truncate)
            let writer = try Writer(
                connection, environment, clocks, calls, aftercare, floor: lock.mark)
            return (writer, try writer.sql.countWaiting.first { Int($0.integer(0)) } ?? 0)
        }
        self.writer = writer
        state.withLock { $0.backlog = backlog }
    }

    /// How many transactions have changed something.
    var commits: Int { state.withLock { $0.commits } }

    /// How many entries wait to be sent.
    var backlog: Int { state.withLock { $0.backlog } }

    /// How many writes wait for a transaction.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Runs an operation within a transaction and returns once that is on the disk.
    /// - Parameter quietly: whether what it changes concerns nobody who waits for changes.
    func write<Value: Sendable>(
        quietly: Bool = false, _ operation: @escaping @Sendable (Writer) throws -> Value
    ) async throws(StoreError) -> Value {
        let result = await withCheckedContinuation { continuation in
            enqueue(
                Write(quietly: quietly, operation) { continuation.resume(returning: $0) })
        }
        return try result.get()
    }

    /// Runs an operation on each of these, in their order and for itself: one that fails does not keep the
    /// others.
    func writeEach<Element: Sendable, Value: Sendable>(
        _ elements: [Element],
        _ operation: @escaping @Sendable (Writer, Element) throws -> Value
    ) async -> [Result<Value, StoreError>] {
        guard !elements.isEmpty else { return [] }
        let results = Mutex<[Result<Value, StoreError>]>([])
        await withCheckedContinuation { continuation in
            for element in elements {
                let write = Write {
                    try operation($0, element)
                } answer: { result in
                    let isLast = results.withLock {
                        $0.append(result)
                        return $0.count == elements.count
                    }
                    if isLast { continuation.resume() }
                }
                enqueue(write)
            }
        }
        return results.withLock { $0 }
    }

    private func enqueue(_ write: Write) {
        let (end, startsDrain) = state.withLock { state -> (StoreError?, Bool) in
            guard state.end == nil else { return (state.end, false) }
            state.waiting.append(write)
            defer { state.isDraining = true }
            return (nil, !state.isDraining)
        }
        if let end { write.refuse(end) }
        if startsDrain { database.asyncWriteWithoutTransaction { self.drain($0) } }
    }

    private func drain(_ database: Database) {
        while let first = take(Self.limit, endingDrain: true) {
            commit(first, on: database, joined: true)
            guard writer != nil else { continue }
            do {
                try checkpoints.runIfDue(database)
            } catch {
                note(StorageFailure(error))
            }
        }
    }

    private func take(_ most: Int, endingDrain: Bool = false) -> [Write]? {
        state.withLock { state in
            guard !state.waiting.isEmpty, most > 0 else {
                if endingDrain { state.isDraining = false }
                return nil
            }
            let taken = Array(state.waiting.prefix(most))
            state.waiting.removeFirst(taken.count)
            return taken
        }
    }

    /// - Parameter joined: whether writes that come meanwhile join the transaction.
    private func commit(_ first: [Write], on database: Database, joined: Bool) {
        guard let writer else {
            let end = state.withLock { $0.end } ?? .unavailable("the store is closed")
            return first.forEach { $0.refuse(end) }
        }
        var taken = first
        var answers: [() -> Void] = []
        let before = database.totalChangesCount
        do {
            try database.inTransaction(.immediate) {
                var next = first
                repeat {
                    for write in next { answers.append(try write.perform(writer)) }
                    next = joined ? take(Self.limit - taken.count) ?? [] : []
                    taken += next
                } while !next.isEmpty
                try writer.finish(hasChanged: database.totalChangesCount > before)
                return .commit
            }
        } catch {
            writer.rollBack()
            return recover(taken, from: StorageFailure(error), on: database)
        }
        let hasChanged = database.totalChangesCount > before
        note(writer.commit(), hasChanged)
        for answer in answers { answer() }
        if hasChanged, !taken.allSatisfy(\.isQuiet) { committed() }
    }

    /// Comes before the answers: whoever has claimed may send at once.
    private func note(_ commit: (waiting: Int, claimed: Int64?), _ hasChanged: Bool) {
        if let claimed = commit.claimed { lock.keepMark(claimed) }
        state.withLock {
            if hasChanged { $0.commits += 1 }
            $0.backlog += commit.waiting
        }
    }

    /// Where one write alone may be the cause, each gets a transaction of its own.
    private func recover(
        _ writes: [Write], from failure: StorageFailure, on database: Database
    ) {
        if case .ofOne = failure, writes.count > 1 {
            return writes.forEach { commit([$0], on: database, joined: false) }
        }
        note(failure)
        for write in writes { write.refuse(.unavailable(failure.reason)) }
    }

    /// Ends all writing if the disk cannot be trusted any more.
    private func note(_ failure: StorageFailure) {
        logger.error("the store did not write", metadata: ["reason": "\(failure.reason)"])
        guard case .forGood(let reason) = failure, !hasFailed else { return }
        hasFailed = true
        writer = nil
        // As the last connection closes, SQLite checkpoints: this one stays open to the end of the process.
        _ = Unmanaged.passRetained(database)
        state.withLock { $0.end = .unavailable(reason) }
        failed(.unavailable(reason))
    }

    /// Moves the log into the store, whose file then ends where its last page does.
    func checkpoint() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            database.asyncWriteWithoutTransaction { database in
                defer { continuation.resume() }
                guard self.writer != nil else { return }
                do {
                    try self.checkpoints.run(database, .passive)
                } catch {
                    self.note(StorageFailure(error))
                }
            }
        }
    }

    /// Writes what waits, keeps the clocks and counts, checkpoints and lets go of the connection.
    func close() async {
        state.withLock { $0.end = $0.end ?? .unavailable("the store is closed") }
        let isSound = await withCheckedContinuation { continuation in
            database.asyncWriteWithoutTransaction { database in
                self.leave(database)
                continuation.resume(returning: !self.hasFailed)
            }
        }
        guard isSound else { return }
        do {
            try database.close()
        } catch {
            note(StorageFailure(error))
        }
    }

    private func leave(_ database: Database) {
        guard let writer else { return }
        self.writer = nil
        do {
            try database.inTransaction(.immediate) {
                try writer.keepMemory()
                return .commit
            }
            try checkpoints.run(database, .truncate)
        } catch {
            note(StorageFailure(error))
        }
    }
}

/// A write that waits.
private struct Write: Sendable {
    /// Returns what hands the result over, for the time after the commit.
    let perform: @Sendable (Writer) throws -> () -> Void
    let refuse: @Sendable (StoreError) -> Void
    let isQuiet: Bool

    init<Value: Sendable>(
        quietly isQuiet: Bool = false,
        _ operation: @escaping @Sendable (Writer) throws -> Value,
        answer: @escaping @Sendable (Result<Value, StoreError>) -> Void
    ) {
        perform = { writer in
            let result: Result<Value, StoreError>
            do {
                result = .success(try operation(writer))
            } catch let refusal as StoreError {
                result = .failure(refusal)
            }
            return { answer(result) }
        }
        refuse = { answer(.failure($0)) }
        self.isQuiet = isQuiet
    }
}
