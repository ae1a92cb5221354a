internal import Outbox

/// What is asked of the reading connections.
enum Query {
    static let entryCounts = """
        SELECT r.destination, entry_count.state, sum(entry_count.n)
        FROM entry_count CROSS JOIN route r ON r.id = entry_count.route
        GROUP BY r.destination, entry_count.state HAVING sum(entry_count.n) <> 0
        """
    static let oldestPending = "SELECT id FROM entry WHERE state = 0 ORDER BY id LIMIT 1"
    static let concernCounts = "SELECT kind, n FROM concern_count WHERE n <> 0"
    static let awaitingAgent = "SELECT sum(n) FROM thread_count WHERE awaiting = 1"
    static let awaitingAgentSince = """
        SELECT awaiting_since FROM thread WHERE awaiting = 1 ORDER BY awaiting_since LIMIT 1
        """
    static let lastChange = "SELECT max(sequence) FROM change"

    static let entry = """
        SELECT \(EntrySelection.columns), l.held FROM \(EntrySelection.tables) WHERE e.id = ?
        """
    static let attempts = """
        SELECT number, fence, started_at, ended_at, outcome, reason, status, correlation
        FROM attempt WHERE entry = ? ORDER BY number
        """
    static let fences = """
        SELECT min(a.fence), max(a.fence)
        FROM entry e CROSS JOIN attempt a ON a.entry = e.id
        WHERE e.reference = ? AND e.joins IS NULL
        """
    static let changes = """
        SELECT c.sequence, c.entry, s.name, t.key, c.state, c.at, c.reason, c.actor
        FROM change c
          CROSS JOIN entry e ON e.id = c.entry
          CROSS JOIN lane l ON l.id = e.lane
          CROSS JOIN thread t ON t.id = l.thread
          CROSS JOIN shop s ON s.id = t.shop
        WHERE c.sequence > ? ORDER BY c.sequence LIMIT ?
        """
    static let receipt = """
        SELECT t.key, e.state, e.reference
        FROM message m
          CROSS JOIN thread t ON t.id = m.thread
          CROSS JOIN shop s ON s.id = t.shop
          LEFT JOIN entry e ON e.id = \(newestDelivery)
        WHERE m.id = ? AND s.name = ?
        """

    /// The number of the newest delivery of message `m`.
    static let newestDelivery = """
        ifnull(
          (SELECT max(a.id) FROM entry a WHERE a.message = m.id AND a.id <> a.message), m.id)
        """

    /// Of entry `e`; it stays so: nothing leads out of these states, and a look that was made is not due again.
    static let isDone = "(e.state IN (4, 6) AND e.look_at IS NULL)"

    /// Of thread `t`: its newest message has a number below ?2, no lane of it has an open entry or is held, and
    /// nobody has to see to it.
    static let isQuiet = """
        (SELECT max(id) FROM message WHERE thread = t.id) < ?2
        AND NOT EXISTS (
          SELECT 1 FROM lane WHERE thread = t.id AND (head IS NOT NULL OR held <> 0))
        AND NOT EXISTS (SELECT 1 FROM concern WHERE thread = t.id)
        """

    /// Threads above ?1, the number of each one's first message, and whether it may be dropped; ?3 of them.
    ///
    /// CASE asks for what costs most, a look at each message, of quiet threads only.
    static let threads = """
        SELECT t.id, (SELECT min(id) FROM message WHERE thread = t.id),
          CASE WHEN \(isQuiet) THEN NOT EXISTS (
            SELECT 1 FROM message m CROSS JOIN entry e ON e.id = m.id
            WHERE m.thread = t.id
              AND (NOT \(isDone) OR EXISTS (SELECT 1 FROM attempt WHERE entry = e.id)))
          AND NOT EXISTS (
            SELECT 1 FROM message m CROSS JOIN entry e ON e.message = m.id AND e.id <> e.message
            WHERE m.thread = t.id
              AND (NOT \(isDone) OR EXISTS (SELECT 1 FROM attempt WHERE entry = e.id)))
          END
        FROM thread t WHERE t.id > ?1 ORDER BY t.id LIMIT ?3
        """

    /// A page of entries: ?1 below which id, ?2 the state, ?3 the thread, ?4 the text, ?5 the text as
    /// an id, ?6 how many.
    ///
    /// An unary plus keeps SQLite from reading through all ids or a whole state where few ids come into
    /// question.
    static func entries(_ query: EntryQuery) -> String {
        var conditions: [String] = []
        if query.thread != nil { conditions.append("e.id IN (\(ofThread("?3")))") }
        if query.text != nil {
            conditions.append(
                """
                e.id IN (
                  SELECT ?5
                  UNION ALL \(ofThread("?4"))
                  UNION ALL SELECT id FROM message
                    WHERE shop IN (SELECT id FROM shop) AND key = ?4
                  UNION ALL SELECT id FROM entry WHERE reference = ?4)
                """)
        }
        let plus = conditions.isEmpty ? "" : "+"
        if query.state != nil { conditions.append("\(plus)e.state = ?2") }
        return """
            SELECT \(EntrySelection.columns) FROM \(EntrySelection.tables)
            WHERE \((["\(plus)e.id < ?1"] + conditions).joined(separator: " AND "))
            ORDER BY e.id DESC LIMIT ?6
            """
    }

    /// The entries of a thread's messages and events, in whichever shop.
    private static func ofThread(_ key: String) -> String {
        let named = "t.shop IN (SELECT id FROM shop) AND t.key = \(key)"
        return """
            SELECT m.id FROM thread t CROSS JOIN message m ON m.thread = t.id WHERE \(named)
            UNION ALL SELECT a.id FROM thread t CROSS JOIN message m ON m.thread = t.id
              CROSS JOIN entry a ON a.message = m.id AND a.id <> a.message WHERE \(named)
            UNION ALL SELECT v.id FROM thread t CROSS JOIN event v ON v.thread = t.id WHERE \(named)
            """
    }
}
