import Foundation
import GRDB
import Outbox
import TestSupport
import Testing

@testable import SQLiteOutbox

@Suite(.timeLimit(.minutes(15)))
struct RetentionTests {
    @Test func theDiskIsGivenBack() async throws {
        try await withStore { store, clock, temporary in
            let body = String(repeating: "x", count: 60_000)
            for number in 0..<400 {
                _ = try await store.accept(
                    .example(thread: "\(number)", body: body, direction: .staff))
            }
            let kept = try await Workbench(store, clock).post("kept")
            await store.queue.checkpoint()
            let before = try size(of: temporary.path)
            #expect(before > 24_000_000)
            clock.advance(by: .seconds(100))
            let dropped = try await store.pruneAll(clock)
            #expect(dropped.messages == 400)
            #expect(dropped.bytes > 20_000_000)
            let after = try size(of: temporary.path)
            #expect(after == before - dropped.bytes)
            #expect(after < 1200 * 4096)
            #expect(try await store.entry(kept).entry.state == .pending)
            #expect(try await store.pruneAll(clock) == Pruned())
            let integrity = try await store.queue.database.read {
                try String.fetchAll($0, sql: "PRAGMA integrity_check")
            }
            #expect(integrity == ["ok"])
        }
    }

    @Test func aTenthOfTheFileIsKeptForWhatComesNext() async throws {
        try await withStore { store, _, _ in
            let spare = try await store.queue.database.write { database in
                try database.execute(
                    sql: """
                        CREATE TABLE ballast (a);
                        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                        INSERT INTO ballast SELECT zeroblob(4000) FROM n;
                        DELETE FROM ballast WHERE rowid % 4 = 0;
                        """)
                return try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
            }
            #expect(spare > 4900)
            var pages = 0
            while try await store.prune(before: .none, at: .space, limit: 1).next != nil {
                pages += 1
            }
            #expect(pages > 30)
            let (free, all) = try await store.queue.database.read { database in
                (
                    try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0,
                    try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
                )
            }
            #expect((all / 10 - 64...all / 10).contains(free))
        }
    }

    @Test func nobodyIsWokenByIt() async throws {
        try await withStore { store, clock, _ in
            let bench = Workbench(store, clock)
            _ = try await bench.post(in: .discarded)
            _ = try await bench.post("newer")
            clock.advance(by: .seconds(100))
            var ticks = store.ticks().makeAsyncIterator()
            _ = await ticks.next()
            let before = store.commits
            #expect(try await store.pruneAll(clock).changes == 2)
            #expect(store.commits == before + 2)
            await store.close()
            #expect(await ticks.next() == nil)
        }
    }

    /// What was dropped by then stays dropped, and the rest goes at the next start.
    @Test func aKillBetweenPagesLeavesASoundStore() async throws {
        try await withStore { store, clock, temporary in
            let bench = Workbench(store, clock)
            for _ in 0..<7 { _ = try await bench.post("large", in: .delivered) }
            _ = try await bench.post("open")
            clock.advance(by: .seconds(100))
            let cutoff = Cutoff(history: clock.now, threads: clock.now)
            var place: PruningPlace? = .start
            while let current = place {
                place = try await store.prune(before: cutoff, at: current, limit: 2).next
                let left = try TemporaryStore()
                try temporary.copy(to: left)
                let again = try await left.open(clock)
                try await Invariants.check(again, "at \(current)")
                _ = try await again.pruneAll(clock)
                try await Invariants.check(again, "at \(current), pruned to the end")
                #expect(try await again.entries(EntryQuery()).map(\.thread.description) == ["open"])
                await again.close()
                try left.remove()
            }
        }
    }
}

extension SQLiteOutbox {
    /// Drops all that may be dropped now.
    fileprivate func pruneAll(_ clock: ManualClock) async throws -> Pruned {
        let cutoff = Cutoff(history: clock.now, threads: clock.now)
        var dropped = Pruned()
        var place: PruningPlace? = .start
        while let current = place {
            let page = try await prune(before: cutoff, at: current, limit: 50)
            dropped += page.dropped
            place = page.next
        }
        return dropped
    }
}

extension Cutoff {
    fileprivate static let none = Cutoff(
        history: Timestamp(milliseconds: 0), threads: Timestamp(milliseconds: 0))
}

private func size(of path: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
}
