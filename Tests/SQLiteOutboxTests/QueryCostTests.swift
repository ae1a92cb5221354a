import GRDB
import GRDBSQLite
import Outbox
import TestSupport
import Testing

@testable import SQLiteOutbox
@testable import class SQLiteOutbox.Statement

@Suite(.timeLimit(.minutes(15)))
struct QueryCostTests {
    /// Tables with a row for each shop, route or state at the most, and an index read from its start.
    private static let short = [
        "SCAN shop", "SCAN route", "SCAN entry_count", "SCAN thread_count", "SCAN concern_count",
        "SCAN CONSTANT ROW",
        // The newest rows of a thread, so many at the most.
        "SCAN newest",
        "SCAN concern USING INDEX concern_since",
        "SCAN thread USING INDEX thread_awaiting_agent",
        "SCAN thread USING COVERING INDEX thread_awaiting_agent",
    ]

    @Test func noStatementReadsThroughATable() async throws {
        let readings =
            [
                Query.entryCounts, Query.oldestPending, Query.awaitingAgent,
                Query.awaitingAgentSince, Query.lastChange, Query.entry, Query.attempts,
                Query.changes, Query.receipt, Query.fences, Query.threads, Query.concernCounts,
                ThreadQuery.live, ThreadQuery.conversations, ThreadQuery.liveOfThread,
                ThreadQuery.lastOfThread, ThreadQuery.named, ThreadQuery.thread,
                ThreadQuery.ofConversation, ThreadQuery.ofCustomer, ThreadQuery.messages,
                ThreadQuery.concerns, ThreadQuery.audits, ThreadQuery.waiting,
                DeskQuery.page, DeskQuery.customer, DeskQuery.question, DeskQuery.questions,
                DeskQuery.conversations, DeskQuery.linked, DeskQuery.horizon, DeskQuery.mark,
                DeskQuery.beginning, DeskQuery.earlier, DeskQuery.later,
                DeskQuery.route,
                DeskQuery.drafts, DeskQuery.filesOfDraft, DeskQuery.file, DeskQuery.part,
                DeskQuery.login,
            ] + ThreadList.allCases.map(DeskQuery.threads) + queries.map(Query.entries)
        try await withStore { store, _, _ in
            try await store.queue.database.read { database in
                let prepared: [Any] = [
                    try Statements(database), try ThreadStatements(database),
                    try DeskStatements(database),
                ]
                let writings = prepared.flatMap { Mirror(reflecting: $0).children }
                    .compactMap { ($0.value as? Statement)?.text }
                try #require(writings.count > 110)
                for text in writings + readings {
                    let plan = try Statement(database, "EXPLAIN QUERY PLAN " + text)
                        .all { $0.text(3) }
                    let scans = plan.filter { $0.hasPrefix("SCAN") && !Self.short.contains($0) }
                    #expect(scans.isEmpty, "\(text)")
                    let sorts = plan.contains { $0.hasPrefix("USE TEMP B-TREE") }
                    #expect(!sorts || readings.contains(text), "\(text)")
                }
            }
        }
    }

    /// Newest first of all entries is the one reading that begins at the end of the table.
    @Test func onlyThePageOfAllEntriesGoesByTheirIDs() async throws {
        try await withStore { store, _, _ in
            try await store.queue.database.read { database in
                for query in queries {
                    let plan = try Statement(database, "EXPLAIN QUERY PLAN " + Query.entries(query))
                        .all { $0.text(3) }
                    let first = plan.first { $0.contains(" e ") }
                    if query.text != nil || query.thread != nil {
                        #expect(first == "SEARCH e USING INTEGER PRIMARY KEY (rowid=?)")
                    } else if query.state != nil {
                        #expect(first == "SEARCH e USING INDEX entry_state (state=? AND rowid<?)")
                    } else {
                        #expect(first == "SEARCH e USING INTEGER PRIMARY KEY (rowid<?)")
                    }
                    let sorts = plan.contains { $0.contains("TEMP B-TREE FOR ORDER BY") }
                    #expect(!sorts || query.text != nil || query.thread != nil)
                }
            }
        }
    }

    @Test func aBlockedLaneCostsTheOthersNothing() async throws {
        try await withStore { store, clock, _ in
            let bench = Workbench(store, clock)
            try await bench.post("blocked")
            try await bench.settle(bench.claimOne(), .held(reason: "stop"))
            func stepsOfADelivery() async throws -> Int {
                try await bench.post("other")
                _ = try await store.queue.steps()
                let doubt = try await bench.claimOne()
                try await bench.settle(doubt, .doubtful(at: clock.now))
                try await store.settle(
                    bench.lookOne(), .retry(at: clock.now, counts: false, reason: "not there"))
                let claim = try await bench.claimOne()
                try await bench.settle(claim, .delivered(reference: "\(claim.fence)"))
                _ = try await store.sweep(except: [])
                return try await store.queue.steps()
            }
            _ = try await stepsOfADelivery()
            let alone = try await stepsOfADelivery()
            #expect(alone > 0)
            try await bench.post("blocked")
            let behind = try await store.queue.database.write { database in
                try database.execute(sql: multiply)
                return try Int.fetchOne(database, sql: "SELECT count(*) FROM entry WHERE lane = 1")
            }
            #expect(behind == 100_002)
            clock.advance(by: .seconds(1))
            #expect(try await stepsOfADelivery() == alone)
        }
    }

    @Test func aPageOfPruningCostsTheSameInALargeStore() async throws {
        func stepsOfPages(in count: Int) async throws -> [Int] {
            var steps: [Int] = []
            try await withStore { store, clock, _ in
                try await store.queue.database.write {
                    try $0.execute(sql: settled(count, at: clock.now))
                }
                clock.advance(by: .seconds(1))
                let cutoff = Cutoff(history: clock.now, threads: clock.now)
                for place: PruningPlace in [.start, .threads(after: 0), .space] {
                    _ = try await store.queue.steps()
                    let page = try await store.prune(before: cutoff, at: place, limit: 20)
                    steps.append(try await store.queue.steps())
                    #expect(place == .space || page.dropped != Pruned())
                }
            }
            return steps
        }
        let small = try await stepsOfPages(in: 100)
        #expect(small.allSatisfy { $0 > 0 })
        #expect(try await stepsOfPages(in: 50_000) == small)
    }

    /// So many delivered messages, each in a thread of its own; of the second half the history is still there.
    private func settled(_ count: Int, at now: Timestamp) -> String {
        """
        INSERT INTO shop VALUES (1, 'shop');
        INSERT INTO route VALUES (1, 'genesys', 'default', 0);
        CREATE TEMP TABLE numbered AS
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
          SELECT i, \(now.milliseconds << 20) + i AS id FROM n;
        INSERT INTO thread SELECT i, 1, 'thread ' || i, 1, 0, NULL FROM numbered;
        INSERT INTO message SELECT id, i, 0, 1, 'key ' || i, x'00', 0 FROM numbered;
        INSERT INTO payload SELECT id, x'00' FROM numbered;
        INSERT INTO lane SELECT i, i, 'genesys', 0, 0, NULL, NULL, NULL, NULL, 0 FROM numbered;
        INSERT INTO entry (id, message, lane, route, position, state, urgency, reach_base, attempts,
            tries, fence, reference)
          SELECT id, id, i, 1, id, 4, 0, 0, 1, 1, i, 'conversation ' || i FROM numbered;
        INSERT INTO change SELECT i, id, 4, \(now.milliseconds), NULL, NULL FROM numbered
          WHERE i > \(count) / 2;
        INSERT INTO attempt SELECT id, 1, i, 0, 0, 'delivered', NULL, 200, NULL FROM numbered
          WHERE i > \(count) / 2;
        INSERT INTO entry_count VALUES (1, 4, \(count));
        INSERT INTO thread_count VALUES (1, 1, \(count));
        """
    }

    /// Puts 100,000 entries behind the newest.
    private var multiply: String {
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000),
          newest AS (SELECT * FROM entry ORDER BY id DESC LIMIT 1)
        INSERT INTO entry (id, message, lane, route, position, state, urgency, due_at, reach_base,
          attempts, tries)
        SELECT id + i, id + i, lane, route, position + i, state, urgency, due_at, reach_base, 0, 0
        FROM n CROSS JOIN newest
        """
    }

    private var queries: [EntryQuery] {
        [
            EntryQuery(), EntryQuery(state: .dead), EntryQuery(thread: ThreadKey("t")),
            EntryQuery(text: "x"), EntryQuery(state: .dead, thread: ThreadKey("t")),
            EntryQuery(state: .dead, text: "x"), EntryQuery(thread: ThreadKey("t"), text: "x"),
        ]
    }
}

extension CommitQueue {
    /// The virtual machine's steps since the last call, of all statements of the writing connection.
    fileprivate func steps() async throws -> Int {
        try await database.writeWithoutTransaction { database in
            var steps = 0
            var statement = sqlite3_next_stmt(database.sqliteConnection, nil)
            while statement != nil {
                steps += Int(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1))
                statement = sqlite3_next_stmt(database.sqliteConnection, statement)
            }
            return steps
        }
    }
}
