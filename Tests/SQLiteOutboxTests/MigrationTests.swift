import Foundation
import GRDB
import Outbox
import TestSupport
import Testing

@testable import SQLiteOutbox

@Suite(.timeLimit(.minutes(15)))
struct MigrationTests {
    private let clock = ManualClock()

    @Test func whatWasInDoubtIsLookedForAtOnce() async throws {
        let temporary = try oldStore(doubts: 300)
        let log = LogRecord()
        let store = try await temporary.open(clock, logger: log.logger)
        #expect(try await store.summary().counts[.inDoubt] == 301)
        #expect(log.warnings.count == 1)
        let found = try await store.looks(to: .genesys, limit: 500)
        #expect(found.looks.map(\.entry.id.rawValue) == Array(1...301))
        for look in found.looks.prefix(300) {
            #expect(look.entry.doubts == 1)
            #expect(look.since == Fence(rawValue: 1_000_302))
            #expect(look.number == 0)
        }
        let bench = Workbench(store, clock)
        #expect(try await bench.claimOne().deliveries.map(\.entry.id.rawValue) == [302])
        try await store.settle(found.looks[0], .delivered(reference: "found"))
        try await Invariants.check(store, "after the migration")
        await store.close()
        try temporary.remove()
    }

    @Test func aKillInItsMiddleLeavesTheStoreAsItWas() async throws {
        let temporary = try oldStore(doubts: 5000)
        let killed = try TemporaryStore()
        let database = try DatabaseQueue(path: temporary.path, configuration: .writing)
        try database.inDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = 10")
            try database.inTransaction {
                try database.execute(sql: Schema.doubt)
                let wal = try FileManager.default.attributesOfItem(atPath: temporary.path + "-wal")
                #expect(wal[.size] as? Int ?? 0 > 100_000)
                try temporary.copy(to: killed)
                return .rollback
            }
        }
        try database.close()
        let left = try DatabaseQueue(path: killed.path, configuration: .writing)
        let (schema, columns) = try await left.read { database in
            (
                try Schema.migrator.appliedIdentifiers(database),
                try database.columns(in: "entry").count
            )
        }
        #expect(schema == ["1 outbox"])
        #expect(columns == 14)
        try left.close()
        let store = try await killed.open(clock)
        #expect(try await store.looks(to: .genesys, limit: 9000).looks.count == 5001)
        await store.close()
        try temporary.remove()
        try killed.remove()
    }

    @Test func aKeyGoesOnBeingKnown() async throws {
        let temporary = try oldStore(doubts: 300)
        let store = try await temporary.open(clock)
        let bench = Workbench(store, clock)
        let known = Submission.example(thread: "elsewhere", key: "key 7", digest: [7])
        let message = MessageID(rawValue: 7)
        #expect(
            try await bench.submit(known) == .duplicate(of: message, thread: ThreadKey("thread 7")))
        await #expect(throws: StoreError.conflict(with: message)) {
            _ = try await bench.submit(.example(key: "key 7", digest: [9]))
        }
        #expect(
            try await store.entries(EntryQuery(text: "key 7")).map(\.id) == [EntryID(rawValue: 7)])
        for new in [Submission.example(key: "key 8"), .example(shop: "other", key: "key 7")] {
            guard case .accepted = try await bench.submit(new) else {
                Issue.record("a key is known that was not used")
                return
            }
        }
        try await Invariants.check(store, "after the migration")
        await store.close()
        try temporary.remove()
    }

    @Test func whoWaitsIsFollowedAndFound() async throws {
        let temporary = try oldStore(doubts: 5)
        let database = try DatabaseQueue(path: temporary.path, configuration: .writing)
        try await database.write { database in
            try database.execute(
                sql: """
                    UPDATE entry SET state = 4, reference = 'c' || id WHERE id < 3;
                    UPDATE lane SET head = NULL, due_at = NULL WHERE id < 3;
                    UPDATE entry_count SET n = n - 2 WHERE state = 2;
                    INSERT INTO entry_count VALUES (1, 4, 2);
                    UPDATE change SET state = 4 WHERE entry < 3;
                    UPDATE thread SET awaiting = 2 WHERE id = 2;
                    UPDATE thread_count SET n = n - 1;
                    INSERT INTO thread_count VALUES (1, 2, 1);
                    UPDATE payload SET body = CAST('{"customer":{"id":7}}' AS BLOB)
                      WHERE message = 1;
                    UPDATE payload SET body = CAST('{"customer":{"email":"Z@x.de"}}' AS BLOB)
                      WHERE message = 2;
                    """)
        }
        try database.close()
        let store = try await temporary.open(clock)
        let live = try await store.live(after: nil, limit: 9)
        #expect(live.map(\.reference) == ["c1", "c2"])
        func threads(of customer: String) async throws -> [String] {
            try await store.threads(of: customer, in: ShopName("shop"), limit: 9)
                .map(\.thread.key.description)
        }
        #expect(try await threads(of: "7") == ["thread 1"])
        #expect(try await threads(of: "z@x.de") == ["thread 2"])
        #expect(try await store.census(after: .start, limit: 99).forgotten.isEmpty)
        try await Invariants.check(store, "after the migration")
        await store.close()
        try temporary.remove()
    }

    /// A million keys must not be looked for one after the other in each message, or the other way round.
    @Test func keysAreMovedInOneGo() async throws {
        let temporary = try oldStore(doubts: 1)
        let database = try DatabaseQueue(path: temporary.path, configuration: .writing)
        let plan = try await database.write { database in
            try database.execute(
                sql: """
                    ALTER TABLE message ADD COLUMN shop INTEGER;
                    ALTER TABLE message ADD COLUMN key TEXT;
                    ALTER TABLE message ADD COLUMN digest BLOB;
                    """)
            return try Statement(database, "EXPLAIN QUERY PLAN " + Schema.moveKeys)
                .all { $0.text(3) }
        }
        #expect(plan == ["SCAN i", "SEARCH message USING INTEGER PRIMARY KEY (rowid=?)"])
        try database.close()
        try temporary.remove()
    }

    /// A store of the first schema: so many entries in doubt, one being sent and one pending; every other one
    /// came with a key.
    private func oldStore(doubts: Int) throws -> TemporaryStore {
        let temporary = try TemporaryStore()
        let database = try DatabaseQueue(path: temporary.path, configuration: .writing)
        try Schema.migrator.migrate(database, upTo: "1 outbox")
        try database.write { database in
            try database.execute(
                sql: """
                    INSERT INTO shop VALUES (1, 'shop');
                    INSERT INTO route VALUES (1, 'genesys', 'default', 0);
                    CREATE TEMP TABLE numbered AS
                      WITH RECURSIVE n(id) AS (
                        SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < \(doubts) + 2)
                      SELECT id, CASE id - \(doubts) WHEN 1 THEN 1 WHEN 2 THEN 0 ELSE 2 END AS state
                      FROM n;
                    INSERT INTO thread SELECT id, 1, 'thread ' || id, 1, 0 FROM numbered;
                    INSERT INTO message SELECT id, id, 0 FROM numbered;
                    INSERT INTO payload SELECT id, x'00' FROM numbered;
                    INSERT INTO entry SELECT id, id, id, 1, id, state, 0, iif(state = 0, 0, NULL), 0,
                      sign(state), iif(state = 2, 1, 0), iif(state = 0, NULL, id), NULL, NULL
                      FROM numbered;
                    INSERT INTO attempt SELECT id, 1, id, 0, NULL, NULL, NULL, NULL, NULL FROM numbered
                      WHERE state > 0;
                    INSERT INTO lane SELECT id, id, 'genesys', 0, 0, id, 1, 0, iif(state = 0, 0, NULL)
                      FROM numbered;
                    INSERT INTO change SELECT 1000000 + id, id, state, 0, NULL, NULL FROM numbered;
                    INSERT INTO entry_count SELECT 1, state, count(*) FROM numbered GROUP BY state;
                    INSERT INTO thread_count SELECT 1, 1, count(*) FROM numbered;
                    INSERT INTO idempotency
                      SELECT 1, 'key ' || id, id, x'07' FROM numbered WHERE id & 1;
                    """)
        }
        try database.close()
        return temporary
    }
}
