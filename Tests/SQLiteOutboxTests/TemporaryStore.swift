import Foundation
import Logging
import Outbox
import SQLiteOutbox
import TestSupport

/// A folder for one store, gone with the test.
struct TemporaryStore: Sendable {
    let folder: String
    var path: String { folder + "/outbox.db" }

    init() throws {
        let name = "outbox-\(UInt64.random(in: .min ... .max))"
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
    }

    func open(
        _ clock: ManualClock, _ aftercare: Aftercare = Aftercare(), logger: Logger = .quiet
    ) async throws(OpenError) -> SQLiteOutbox {
        try await SQLiteOutbox.open(
            at: path, aftercare: aftercare, environment: clock.environment, logger: logger)
    }

    func remove() throws { try FileManager.default.removeItem(atPath: folder) }
}

extension Logger {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// Opens a store in a folder of its own, and closes and removes it afterwards.
func withStore(
    _ aftercare: Aftercare = Aftercare(), logger: Logger = .quiet,
    _ body: (SQLiteOutbox, ManualClock, TemporaryStore) async throws -> Void
) async throws {
    let clock = ManualClock()
    let temporary = try TemporaryStore()
    let store = try await temporary.open(clock, aftercare, logger: logger)
    do {
        try await body(store, clock, temporary)
    } catch {
        await store.close()
        try temporary.remove()
        throw error
    }
    await store.close()
    try temporary.remove()
}
