import GRDB
import Outbox
import Testing

@testable import SQLiteOutbox

/// What the tables must never show, whatever was done.
enum Invariants {
    private static let violations = [
        "two entries of a lane are under way": """
        SELECT lane FROM entry WHERE state IN (1, 2, 3) GROUP BY lane HAVING count(*) > 1
        """,
        "an entry is under way that is not the first of its lane": """
        SELECT id FROM entry
        WHERE state IN (1, 2, 3) AND id IS NOT (SELECT head FROM lane WHERE lane.id = entry.lane)
        """,
        "a lane's head is not its first open entry": """
        SELECT id FROM lane WHERE head IS NOT (
          SELECT id FROM entry WHERE entry.lane = lane.id AND state < 4 ORDER BY position LIMIT 1)
        """,
        "a lane is due whose head may not be claimed, or the other way round": """
        SELECT lane.id FROM lane LEFT JOIN entry ON entry.id = head
        WHERE (lane.due_at IS NOT NULL) <> (held = 0 AND state IS 0)
        """,
        "a due lane does not bear its head's route and urgency": """
        SELECT lane.id FROM lane JOIN entry ON entry.id = head
        WHERE lane.due_at IS NOT NULL
          AND (lane.route <> entry.route OR lane.urgency <> entry.urgency)
        """,
        "a pending entry has no due time, or another one has": """
        SELECT id FROM entry WHERE (state = 0) <> (due_at IS NOT NULL)
        """,
        "a doubt is not looked for, or what is none is": """
        SELECT id FROM entry
        WHERE (state = 2 AND look_at IS NULL) OR (state NOT IN (2, 4) AND look_at IS NOT NULL)
        """,
        "an entry is not under its last attempt's fence": """
        SELECT id FROM entry WHERE fence IS NOT (
          SELECT fence FROM attempt WHERE entry = entry.id ORDER BY number DESC LIMIT 1)
        """,
        "an entry is not in the state of its last change": """
        SELECT id FROM entry WHERE state <> (
          SELECT state FROM change WHERE entry = entry.id ORDER BY sequence DESC LIMIT 1)
        """,
        "entries are counted wrong": """
        SELECT route FROM (
          SELECT route, state, n FROM entry_count UNION ALL SELECT route, state, -1 FROM entry)
        GROUP BY route, state HAVING sum(n) <> 0
        """,
        "threads are counted wrong": """
        SELECT shop FROM (
          SELECT shop, awaiting, n FROM thread_count
          UNION ALL SELECT shop, awaiting, -1 FROM thread)
        GROUP BY shop, awaiting HAVING sum(n) <> 0
        """,
    ]

    static func check(_ store: SQLiteOutbox, _ label: Comment) async throws {
        let found = try await store.queue.database.read { database in
            try violations.mapValues { try Int64.fetchAll(database, sql: $0) }
        }
        for (violation, rows) in found {
            try #require(rows.isEmpty, "\(violation): \(label)")
        }
        let counts = try await store.summary().counts
        try #require(
            store.load.pending == (counts[.pending] ?? 0) + (counts[.sending] ?? 0), label)
    }
}
