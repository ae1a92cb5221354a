import GRDB
import Outbox
import TestSupport
import Testing

@testable import SQLiteOutbox

/// Rows that cannot be, as a damaged file or a defect might leave them, each beside sound ones.
@Suite(.timeLimit(.minutes(15)))
struct DamagedRowsTests {
    static let damages = [
        "UPDATE lane SET head = 5 WHERE head = ?", "UPDATE entry SET state = 77 WHERE id = ?",
        "UPDATE entry SET state = 4 WHERE id = ?",
        "DELETE FROM thread WHERE id = (SELECT thread FROM lane WHERE head = ?)",
        "DELETE FROM entry WHERE id = ?",
    ]

    @Test(arguments: damages)
    func aLaneThatCannotBeClaimedIsSetAside(_ damage: String) async throws {
        try await withLoggedStore { bench, store, log in
            let bad = try await bench.post("bad")
            let lane = try await bench.entry(bad).lane
            let next = try await bench.post("bad")
            let good = try await bench.post("good")
            try await store.damage(bad, damage)
            #expect(try await bench.claim(1).flatMap { $0.deliveries.map(\.entry.id) } == [good])
            let result = try await store.claim(from: [.standard], limit: 9)
            #expect(result.claims.isEmpty)
            #expect(result.nextDue == nil)
            let lines = log.errors
            #expect(lines.count == 1)
            #expect(lines.allSatisfy { $0.contains("lane=\(lane.rawValue)") })
            #expect(store.load.pending == 3)
            if !damage.contains("thread") { #expect(try await bench.state(next) == .pending) }
        }
    }

    @Test func anEntryThatCannotBeReadKeepsNoOtherFromBeingSwept() async throws {
        try await withLoggedStore { bench, store, log in
            var ids: [EntryID] = []
            for number in 0..<3 { ids.append(try await bench.post("\(number)")) }
            _ = try await bench.claim()
            try await store.damage(
                ids[1], "DELETE FROM thread WHERE id = (SELECT thread FROM lane WHERE head = ?)")
            #expect(try await store.sweep(except: []) == [ids[0], ids[2]])
            #expect(try await store.sweep(except: []).isEmpty)
            let lines = log.errors
            #expect(lines.count == 1)
            #expect(lines.allSatisfy { $0.contains("entry=\(ids[1])") })
        }
    }

    @Test func anEntryThatCannotBeMovedKeepsNoOtherFromBeingSwept() async throws {
        try await withLoggedStore { bench, store, _ in
            var ids: [EntryID] = []
            for number in 0..<3 { ids.append(try await bench.post("\(number)")) }
            _ = try await bench.claim()
            try await store.damage(
                ids[1],
                """
                CREATE TRIGGER stuck BEFORE UPDATE ON entry WHEN old.message = \(ids[1].rawValue)
                BEGIN SELECT raise(ABORT, 'stuck'); END
                """)
            #expect(try await store.sweep(except: []) == [ids[0], ids[2]])
            #expect(try await bench.looks().map(\.entry.id) == [ids[0], ids[2]])
            #expect(try await bench.state(ids[1]) == .sending)
            #expect(store.load.pending == 1)
        }
    }

    @Test(arguments: [
        "UPDATE entry SET state = 77 WHERE id = ?", "UPDATE entry SET state = 0 WHERE id = ?",
        "DELETE FROM lane WHERE head = ?",
    ])
    func anEntryThatCannotBeReadKeepsNoOtherFromBeingLookedFor(_ damage: String) async throws {
        try await withLoggedStore { bench, store, log in
            let bad = try await bench.post("bad", in: .inDoubt)
            let good = try await bench.post("good", in: .inDoubt)
            bench.clock.advance(by: .seconds(5))
            try await store.damage(bad, damage)
            #expect(try await bench.looks().map(\.entry.id) == [good])
            #expect(try await bench.looks(1).map(\.entry.id) == [good])
            let lines = log.errors
            #expect(lines.count == 1)
            #expect(lines.allSatisfy { $0.contains("entry=\(bad)") })
        }
    }

    private func withLoggedStore(
        _ body: (Workbench, SQLiteOutbox, LogRecord) async throws -> Void
    ) async throws {
        let log = LogRecord()
        try await withStore(logger: log.logger) { store, clock, _ in
            try await body(Workbench(store, clock), store, log)
        }
    }
}

extension SQLiteOutbox {
    /// - Parameter damage: of an entry, whose number takes the place of its `?`.
    fileprivate func damage(_ entry: EntryID, _ damage: String) async throws {
        let sql = damage.replacing("?", with: "\(entry.rawValue)")
        try await queue.database.write { try $0.execute(sql: sql) }
    }
}
