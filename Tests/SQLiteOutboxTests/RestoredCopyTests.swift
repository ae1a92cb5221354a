import Foundation
import GRDB
import Outbox
import TestSupport
import Testing

@testable import SQLiteOutbox

/// A file that was copied earlier in the place of the store, beside its lock file.
@Suite(.timeLimit(.minutes(15)))
struct RestoredCopyTests {
    private let reason = "the store was restored from a copy: it may have been sent since"

    @Test func whatMayHaveBeenSentSinceIsInDoubt() async throws {
        try await withBackup { bench, temporary, backup in
            var ids: [EntryID] = []
            for number in 0..<450 { ids.append(try await bench.post("\(number)")) }
            let behind = try await bench.post("0")
            try temporary.copy(to: backup)
            for claim in try await bench.claim(1000) {
                try await bench.settle(claim, .delivered(reference: nil))
            }
            let newest = try await bench.store.summary().lastChange

            let log = LogRecord()
            let store = try await temporary.restore(backup, bench, log)
            let restored = Workbench(store, bench.clock)
            let summary = try await store.summary()
            #expect(summary.counts[.inDoubt] == 451)
            #expect(summary.counts[.pending] == 0)
            #expect(log.warnings.contains { $0.contains("restored copy") })
            #expect(try await restored.claim().isEmpty)
            let looks = try await restored.looks(1000)
            #expect(looks.map(\.entry.id) == ids)
            for look in looks {
                #expect(look.entry.reason == reason)
                #expect(look.entry.doubts == 1)
                #expect(look.entry.tries == 0)
                #expect(look.fence == Fence(rawValue: 0))
                #expect(look.attemptedAt == look.entry.acceptedAt)
            }
            let mark = try #require(temporary.lockFile)
            #expect(mark <= newest)
            let after = try await store.changes(after: newest - 900, limit: 9999)
            #expect(after.allSatisfy { $0.sequence > mark })
            #expect(looks.allSatisfy { $0.since.rawValue > mark })

            try await store.settle(looks[0], .delivered(reference: "found"))
            let next = try await restored.looks(1000).filter { $0.entry.id == behind }
            #expect(next.map(\.joining?.conversation) == ["found"])
            try await store.settle(
                looks[1], .retry(at: bench.clock.now, counts: false, reason: "not there"))
            #expect(try await restored.claimOne().fence.rawValue > mark)
            await store.close()
        }
    }

    @Test func itIsPutInDoubtOnceOnly() async throws {
        try await withBackup { bench, temporary, backup in
            try await bench.post("a")
            try temporary.copy(to: backup)
            try await bench.settle(bench.claimOne(), .delivered(reference: nil))
            let first = try await temporary.restore(backup, bench)
            let id = try await Workbench(first, bench.clock).post("b")
            await first.close()
            let log = LogRecord()
            let second = try await temporary.open(bench.clock, logger: log.logger)
            #expect(try await Workbench(second, bench.clock).state(id) == .pending)
            #expect(log.warnings.isEmpty)
            await second.close()
        }
    }

    @Test func aStartThatIsKilledMeanwhileIsMadeUpFor() async throws {
        try await withStore { store, clock, temporary in
            let id = try await Workbench(store, clock).post()
            try await store.queue.database.write {
                try $0.execute(sql: "INSERT INTO meta VALUES ('restored', '9')")
            }
            await store.close()
            for _ in 0..<2 {
                let again = try await temporary.open(clock)
                #expect(try await again.entry(id).entry.doubts == 1)
                await again.close()
            }
        }
    }

    @Test func aCopyAfterWhichNothingWasClaimedIsAsGoodAsTheStore() async throws {
        try await withBackup { bench, temporary, backup in
            try await bench.post("a")
            try await bench.settle(bench.claimOne(), .delivered(reference: nil))
            let id = try await bench.post("b")
            try temporary.copy(to: backup)
            try await bench.post("c")
            let log = LogRecord()
            let store = try await temporary.restore(backup, bench, log)
            #expect(try await Workbench(store, bench.clock).state(id) == .pending)
            #expect(log.warnings.isEmpty)
            await store.close()
        }
    }

    @Test func aNewStoreBesideAnOldLockFileIsNoCopy() async throws {
        try await withStore { store, clock, temporary in
            let bench = Workbench(store, clock)
            try await bench.post()
            let fence = try await bench.claimOne().fence
            await store.close()
            try temporary.removeStore()
            let log = LogRecord()
            for _ in 0..<2 {
                let new = try await temporary.open(clock, logger: log.logger)
                let id = try await Workbench(new, clock).post()
                #expect(try await Workbench(new, clock).state(id) == .pending)
                #expect(try await new.summary().lastChange > fence.rawValue)
                await new.close()
            }
            #expect(log.warnings.isEmpty)
        }
    }

    private func withBackup(
        _ body: (Workbench, TemporaryStore, TemporaryStore) async throws -> Void
    ) async throws {
        try await withStore { store, clock, temporary in
            let backup = try TemporaryStore()
            try await body(Workbench(store, clock), temporary, backup)
            try backup.remove()
        }
    }
}

extension TemporaryStore {
    fileprivate var lockFile: Int64? {
        (try? String(contentsOfFile: path + ".lock", encoding: .utf8)).flatMap {
            Int64($0.trimmingCharacters(in: .newlines))
        }
    }

    fileprivate func removeStore() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where !name.hasSuffix(".lock") {
            try FileManager.default.removeItem(atPath: folder + "/" + name)
        }
    }

    /// Closes the store and opens the copy in its place.
    fileprivate func restore(
        _ backup: TemporaryStore, _ bench: Workbench, _ log: LogRecord = LogRecord()
    ) async throws -> SQLiteOutbox {
        await (bench.store as? SQLiteOutbox)?.close()
        try removeStore()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: backup.path + suffix, toPath: path + suffix)
        }
        return try await open(bench.clock, logger: log.logger)
    }
}
