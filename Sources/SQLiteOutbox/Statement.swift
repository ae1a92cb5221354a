internal import GRDB
internal import GRDBSQLite
internal import Outbox

/// One prepared statement, used only where its connection is.
///
/// GRDB's own statements box each argument; the accept runs a dozen of these for every message.
final class Statement {
    let text: String
    private let connection: OpaquePointer
    private let handle: OpaquePointer

    init(_ database: Database, _ text: String) throws {
        guard let connection = database.sqliteConnection else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE)
        }
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw failure(of: connection, text) }
        self.text = text
        self.connection = connection
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    func run<each Value: Bindable>(_ values: repeat each Value) throws {
        defer { sqlite3_reset(handle) }
        try bind(repeat each values)
        while try step() {}
    }

    /// Runs an INSERT and returns the number its row was given.
    func insert<each Value: Bindable>(_ values: repeat each Value) throws -> Int64 {
        try run(repeat each values)
        return sqlite3_last_insert_rowid(connection)
    }

    func first<Result, each Value: Bindable>(
        _ values: repeat each Value, read: (Row) throws -> Result
    ) throws -> Result? {
        defer { sqlite3_reset(handle) }
        try bind(repeat each values)
        return try step() ? try read(Row(handle: handle)) : nil
    }

    /// Steps on until `read` has found something, and no further.
    func find<Result, each Value: Bindable>(
        _ values: repeat each Value, read: (Row) throws -> Result?
    ) throws -> Result? {
        defer { sqlite3_reset(handle) }
        try bind(repeat each values)
        while try step() {
            if let result = try read(Row(handle: handle)) { return result }
        }
        return nil
    }

    func all<Result, each Value: Bindable>(
        _ values: repeat each Value, read: (Row) throws -> Result
    ) throws -> [Result] {
        defer { sqlite3_reset(handle) }
        try bind(repeat each values)
        var results: [Result] = []
        while try step() { results.append(try read(Row(handle: handle))) }
        return results
    }

    private func bind<each Value: Bindable>(_ values: repeat each Value) throws {
        var place: Int32 = 0
        for value in repeat each values {
            place += 1
            guard value.bind(to: handle, at: place) == SQLITE_OK else {
                throw failure(of: connection, text)
            }
        }
    }

    private func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: true
        case SQLITE_DONE: false
        default: throw failure(of: connection, text)
        }
    }
}

/// The row a statement stands on; its columns count from zero.
struct Row {
    fileprivate let handle: OpaquePointer

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func text(_ column: Int32) -> String {
        let start = sqlite3_column_text(handle, column)
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func bytes(_ column: Int32) -> [UInt8] {
        let start = sqlite3_column_blob(handle, column)
        let count = Int(sqlite3_column_bytes(handle, column))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    /// - Throws: if the number names no state.
    func state(_ column: Int32) throws -> EntryState {
        guard let state = EntryState(rawValue: Int(integer(column))) else {
            throw DatabaseError(resultCode: .SQLITE_MISMATCH, message: "no such entry state")
        }
        return state
    }

    func timestamp(_ column: Int32) -> Timestamp { Timestamp(milliseconds: integer(column)) }
    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }
    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
}

protocol Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32
}

extension Int64: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        sqlite3_bind_int64(statement, place, self)
    }
}

extension Int: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        sqlite3_bind_int64(statement, place, Int64(self))
    }
}

extension String: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { characters in
            characters.withMemoryRebound(to: CChar.self) {
                guard let start = $0.baseAddress else {
                    return sqlite3_bind_text(statement, place, "", 0, copied)
                }
                return sqlite3_bind_text(statement, place, start, Int32($0.count), copied)
            }
        }
    }
}

extension [UInt8]: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        guard !isEmpty else { return sqlite3_bind_zeroblob(statement, place, 0) }
        return withUnsafeBytes {
            sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), copied)
        }
    }
}

extension Optional: Bindable where Wrapped: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        self?.bind(to: statement, at: place) ?? sqlite3_bind_null(statement, place)
    }
}

/// `SQLITE_TRANSIENT`, which its C cast keeps from being imported.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

private func failure(of connection: OpaquePointer, _ text: String) -> DatabaseError {
    DatabaseError(
        resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
        message: String(cString: sqlite3_errmsg(connection)), sql: text)
}
