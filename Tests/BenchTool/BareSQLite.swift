import GRDBSQLite

/// A connection to SQLite by its C functions and nothing else.
final class BareSQLite {
    private let connection: OpaquePointer

    init(_ path: String, pragmas: [String]) {
        var connection: OpaquePointer?
        sqlite3_open(path, &connection)
        guard let connection else { fatalError("cannot open \(path)") }
        self.connection = connection
        for pragma in pragmas { execute("PRAGMA \(pragma)") }
    }

    deinit { sqlite3_close_v2(connection) }

    var lastRow: Int64 { sqlite3_last_insert_rowid(connection) }

    func execute(_ sql: String) {
        var message: UnsafeMutablePointer<CChar>?
        guard sqlite3_exec(connection, sql, nil, nil, &message) == SQLITE_OK else {
            fatalError("\(sql): \(message.map { String(cString: $0) } ?? "")")
        }
    }

    func prepare(_ sql: String) -> BareStatement { BareStatement(connection, sql) }
}

/// A prepared statement, whose values are bound in the order of its question marks.
final class BareStatement {
    private let connection: OpaquePointer
    private let handle: OpaquePointer
    private var place: Int32 = 0

    fileprivate init(_ connection: OpaquePointer, _ sql: String) {
        var handle: OpaquePointer?
        sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard let handle else {
            fatalError("\(sql): \(String(cString: sqlite3_errmsg(connection)))")
        }
        self.connection = connection
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    func bind(_ value: Int64) -> Self {
        place += 1
        sqlite3_bind_int64(handle, place, value)
        return self
    }

    func bind(_ text: String) -> Self {
        place += 1
        var text = text
        text.withUTF8 { bytes in
            _ = bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(handle, place, $0.baseAddress, Int32($0.count), copied)
            }
        }
        return self
    }

    func bind(_ bytes: [UInt8]) -> Self {
        place += 1
        _ = bytes.withUnsafeBytes {
            sqlite3_bind_blob(handle, place, $0.baseAddress, Int32($0.count), copied)
        }
        return self
    }

    func bindNull() -> Self {
        place += 1
        sqlite3_bind_null(handle, place)
        return self
    }

    func run() {
        defer { reset() }
        guard step() == SQLITE_DONE else {
            fatalError(String(cString: sqlite3_errmsg(connection)))
        }
    }

    /// The first column of the first row.
    func first() -> Int64? {
        defer { reset() }
        return step() == SQLITE_ROW ? sqlite3_column_int64(handle, 0) : nil
    }

    private func step() -> Int32 { sqlite3_step(handle) }

    private func reset() {
        sqlite3_reset(handle)
        place = 0
    }
}

private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
