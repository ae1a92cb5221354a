internal import GRDB
internal import GRDBSQLite

/// Moves the write-ahead log into the store, on the writing connection and between its transactions.
///
/// SQLite would do it inside the COMMIT that crosses the mark, and let the callers of that one wait.
///
/// Safe to share: its state is touched on the queue of the writing connection only.
final class Checkpoints: @unchecked Sendable {
    /// 16 MiB of log, in pages: a page that many commits touch is written back once.
    private static let usualMark = 4000

    private var pages = 0
    private var mark = usualMark

    enum Kind {
        /// As much as no reader still needs, at once.
        case passive
        /// All of it, and an empty log afterwards.
        case truncate

        fileprivate var code: Int32 {
            switch self {
            case .passive: SQLITE_CHECKPOINT_PASSIVE
            case .truncate: SQLITE_CHECKPOINT_TRUNCATE
            }
        }
    }

    /// Has the connection tell the length of the log after each commit, instead of checkpointing by itself.
    ///
    /// It has to outlive the connection.
    func watch(_ database: Database) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_wal_hook(
            database.sqliteConnection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<Checkpoints>.fromOpaque(context).takeUnretainedValue().pages = Int(pages)
                return SQLITE_OK
            }, context)
    }

    func runIfDue(_ database: Database) throws {
        guard pages >= mark else { return }
        try run(database, .passive)
    }

    func run(_ database: Database, _ kind: Kind) throws {
        var log: Int32 = 0
        var moved: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(
            database.sqliteConnection, nil, kind.code, &log, &moved)
        // Where a reader holds it back, the next try comes a quarter later and not with each commit.
        mark = moved >= log ? Self.usualMark : Int(log) + Self.usualMark / 4
        pages = 0
        guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code))
        }
    }
}
