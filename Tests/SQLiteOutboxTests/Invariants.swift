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
          AND NOT (\(isDropped))
        """,
        "an attempt is missing": """
        SELECT id FROM entry
        WHERE attempts <> (SELECT count(*) FROM attempt WHERE entry = entry.id)
          AND NOT (\(isDropped))
        """,
        "the history of what is not done with is missing": """
        SELECT id FROM entry
        WHERE (state NOT IN (4, 6) OR look_at IS NOT NULL)
          AND id NOT IN (SELECT entry FROM change)
        """,
        "the newest change is gone": """
        SELECT 0 WHERE (SELECT max(fence) FROM entry) > (SELECT max(sequence) FROM change)
          OR EXISTS (SELECT 1 FROM entry) AND NOT EXISTS (SELECT 1 FROM change)
        """,
        "something belongs to nothing": """
        SELECT id FROM message WHERE thread NOT IN (SELECT id FROM thread)
        UNION ALL SELECT message FROM payload WHERE message NOT IN (SELECT id FROM message)
        UNION ALL SELECT id FROM message WHERE id NOT IN (SELECT message FROM payload)
        UNION ALL SELECT id FROM entry WHERE message NOT IN (SELECT id FROM message)
        UNION ALL SELECT id FROM entry WHERE lane NOT IN (SELECT id FROM lane)
        UNION ALL SELECT entry FROM attempt WHERE entry NOT IN (SELECT id FROM entry)
        UNION ALL SELECT id FROM lane WHERE thread NOT IN (SELECT id FROM thread)
        UNION ALL SELECT id FROM thread WHERE id NOT IN (SELECT thread FROM message)
        """,
        "a key is only half there": """
        SELECT id FROM message
        WHERE (key IS NULL) <> (shop IS NULL) OR (key IS NULL) <> (digest IS NULL)
          OR shop <> (SELECT shop FROM thread WHERE thread.id = thread)
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

    /// The entry's history was dropped, as that of one that is done with may be.
    private static let isDropped = """
        state IN (4, 6) AND look_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM attempt WHERE entry = entry.id)
        """

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
