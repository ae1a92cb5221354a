import NIOCore
import Outbox
import SQLiteOutbox

extension CommandFailure {
    /// Why the daemon ended, by the exit code its manager goes by.
    init(ofServing error: any Error) {
        switch error {
        case let failure as CommandFailure:
            self = failure
        case let error as OpenError:
            self.init(error.code, "\(error)")
        case let error as StoreError:
            self.init(
                .ioError, "The store can no longer be written: \(error).",
                next: "What was accepted is kept. Look at the disk, then start it again.")
        case let error as IOError:
            self.init(
                .unavailable, "It cannot listen: \(error).",
                next: "Is another program on that port? See listen.public and listen.ops.")
        default:
            self.init(.software, "It ended unexpectedly: \(error).")
        }
    }
}

extension OpenError {
    fileprivate var code: CommandFailure.Code {
        switch self {
        case .locked: .temporary
        case .newerSchema, .oldSQLite, .notDurable, .unusable: .settings
        }
    }
}
