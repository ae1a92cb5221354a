internal import GRDB

/// What an error of SQLite means for the writes after it.
enum StorageFailure: Equatable {
    /// What is on the disk is uncertain: after one failed write SQLite would commit on over the hole.
    case forGood(String)
    /// Nothing was written, and the next write may succeed: the disk is full, or the file is locked.
    case forNow(String)
    /// SQLite refused one operation.
    case ofOne(String)

    init(_ error: any Error) {
        guard let error = error as? DatabaseError else {
            self = .ofOne("\(error)")
            return
        }
        let reason = "\(error.extendedResultCode): \(error.message ?? "")"
        switch error.resultCode {
        case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_READONLY, .SQLITE_CANTOPEN,
            .SQLITE_PROTOCOL, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_MISUSE, .SQLITE_INTERNAL:
            self = .forGood(reason)
        case .SQLITE_FULL, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_NOMEM, .SQLITE_INTERRUPT:
            self = .forNow(reason)
        default:
            self = .ofOne(reason)
        }
    }

    var reason: String {
        switch self {
        case .forGood(let reason), .forNow(let reason), .ofOne(let reason): reason
        }
    }
}
