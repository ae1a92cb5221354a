import GRDB
import Outbox
import Testing

@testable import SQLiteOutbox

/// What the tables must never show, whatever was done.
enum Invariants {
    private static let violations = [
        "an entry is under way that is neither the first of its lane nor in one call with it": """
        SELECT id FROM entry
        WHERE state IN (1, 2, 3) AND fence IS NOT (
          SELECT h.fence FROM lane JOIN entry h ON h.id = head
          WHERE lane.id = entry.lane AND h.state = entry.state)
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
        WHERE state NOT IN (2, 4) AND look_at IS NOT NULL OR state = 2
          AND (look_at IS NULL) = (id IS (SELECT head FROM lane WHERE lane.id = entry.lane))
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
        UNION ALL SELECT id FROM entry WHERE message NOT IN (
          SELECT id FROM message UNION ALL SELECT id FROM event)
        UNION ALL SELECT id FROM event WHERE id NOT IN (SELECT id FROM entry)
        UNION ALL SELECT id FROM event WHERE thread NOT IN (SELECT id FROM thread)
        UNION ALL SELECT id FROM conversation WHERE thread NOT IN (SELECT id FROM thread)
        UNION ALL SELECT thread FROM concern WHERE thread NOT IN (SELECT id FROM thread)
        UNION ALL SELECT entry FROM concern WHERE entry <> 0 AND entry NOT IN (SELECT id FROM entry)
        UNION ALL SELECT id FROM audit WHERE thread NOT IN (SELECT id FROM thread)
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
        "a draft, a file or a link belongs to nothing": """
        SELECT id FROM draft WHERE thread NOT IN (SELECT id FROM thread)
        UNION ALL SELECT id FROM linked WHERE thread NOT IN (SELECT id FROM thread)
        UNION ALL SELECT id FROM file WHERE thread NOT IN (SELECT id FROM thread)
        UNION ALL SELECT id FROM file
        WHERE draft IS NOT NULL AND draft NOT IN (SELECT id FROM draft)
        UNION ALL SELECT file FROM file_part WHERE file NOT IN (SELECT id FROM file)
        """,
        "a file is sent and in a draft, or in another thread's or agent's": """
        SELECT file.id FROM file LEFT JOIN draft ON draft.id = draft
          LEFT JOIN message ON message.id = message
        WHERE message IS NOT NULL AND draft IS NOT NULL
          OR draft.thread <> file.thread OR draft.agent <> file.agent
          OR message.thread <> file.thread OR message.withdrawn <> 0
        """,
        "the parts of a file are counted wrong": """
        SELECT id FROM file WHERE received <> (
          SELECT ifnull(sum(length(bytes)), 0) FROM file_part WHERE file = file.id)
        """,
        "a draft is empty": """
        SELECT id FROM draft
        WHERE body = '' AND id NOT IN (SELECT draft FROM file WHERE draft IS NOT NULL)
        """,
        "an answer was taken back and yet goes on": """
        SELECT message.id FROM message LEFT JOIN entry ON entry.id = message.id
        WHERE withdrawn <> 0 AND state IS NOT 6
        """,
        "entries are counted wrong": """
        SELECT route FROM (
          SELECT route, state, n FROM entry_count UNION ALL SELECT route, state, -1 FROM entry)
        GROUP BY route, state HAVING sum(n) <> 0
        """,
        "concerns are counted wrong": """
        SELECT kind FROM (
          SELECT kind, n FROM concern_count UNION ALL SELECT kind, -1 FROM concern)
        GROUP BY kind HAVING sum(n) <> 0
        """,
        "nobody waits, and yet somebody has to see to it": """
        SELECT thread FROM concern JOIN thread ON thread.id = thread
        WHERE kind < 2 AND awaiting <> 1
        """,
        "somebody has to see to what has an end of its own": """
        SELECT concern.thread FROM concern JOIN entry ON entry.id = entry
        WHERE kind = 2 AND state <> 5
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
        try #require(store.load.pending == (try await store.summary().backlog), label)
    }
}
