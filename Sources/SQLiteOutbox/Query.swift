internal import Outbox

/// What is asked of the reading connections.
enum Query {
    static let entryCounts = "SELECT state, sum(n) FROM entry_count GROUP BY state"
    static let oldestPending = "SELECT id FROM entry WHERE state = 0 ORDER BY id LIMIT 1"
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
        WHERE e.reference = ?
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
          LEFT JOIN entry e ON e.id = m.id
        WHERE m.id = ? AND s.name = ?
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
                  UNION ALL SELECT message FROM idempotency
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

    /// The first deliveries of a thread's messages, in whichever shop.
    private static func ofThread(_ key: String) -> String {
        """
        SELECT m.id FROM thread t CROSS JOIN message m ON m.thread = t.id
        WHERE t.shop IN (SELECT id FROM shop) AND t.key = \(key)
        """
    }
}
