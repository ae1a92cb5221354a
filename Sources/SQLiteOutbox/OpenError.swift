/// Why a store could not be opened, and what to do.
public enum OpenError: Error, Equatable, CustomStringConvertible {
    /// Another process has it open.
    case locked(path: String)
    /// A newer program has changed the tables; the names are the last migrations each side knows.
    case newerSchema(store: String, program: String)
    case oldSQLite(found: String, needed: String)
    /// The file system or the library cannot keep what has been answered for.
    case notDurable(path: String, reason: String)
    case unusable(path: String, reason: String)

    public var description: String {
        switch self {
        case .locked(let path):
            "store.path: \(path) is in use by another genesys-bridge; stop that one first"
        case .newerSchema(let store, let program):
            "store.path: the store's schema is \"\(store)\", this program knows \"\(program)\"; "
                + "run the newer program"
        case .oldSQLite(let found, let needed):
            "SQLite is \(found); install \(needed) or newer"
        case .notDurable(let path, let reason):
            "store.path: \(path) would not survive a power cut: \(reason); put it on a local disk"
        case .unusable(let path, let reason):
            "store.path: \(path) cannot be used: \(reason)"
        }
    }
}
