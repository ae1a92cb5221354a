internal import GRDB

/// What the writing connection says of threads and their conversations, prepared once.
struct ThreadStatements {
    let threadByID: Statement
    let newestQuestion: Statement
    let openQuestion: Statement
    let newestAnswers: Statement
    let payloadAbout: Statement
    let messageKey: Statement
    let liveConversation: Statement
    let lastConversation: Statement
    let countConversations: Statement
    let lastAgent: Statement
    let findConversation: Statement
    let insertConversation: Statement
    let saveConversation: Statement
    let isBusy: Statement
    let countRecreations: Statement
    let routeOfEntry: Statement
    let insertEvent: Statement
    let saveConcern: Statement
    let dropConcern: Statement
    let dropWaitingConcerns: Statement
    let countConcerns: Statement
    let dueConcerns: Statement
    let nextConcern: Statement
    let insertAudit: Statement

    init(_ database: Database) throws {
        func prepare(_ text: String) throws -> Statement { try Statement(database, text) }

        threadByID = try prepare(
            """
            SELECT t.shop, s.name, t.key, t.awaiting, t.awaiting_since
            FROM thread t CROSS JOIN shop s ON s.id = t.shop WHERE t.id = ?
            """)
        newestQuestion = try prepare(
            "SELECT id FROM message WHERE thread = ? AND direction = 0 ORDER BY id DESC LIMIT 1")
        openQuestion = try prepare(
            """
            SELECT m.id, e.state, e.reason
            FROM message m CROSS JOIN entry e ON e.id = \(Query.newestDelivery)
            WHERE m.thread = ?1 AND m.direction = 0 AND e.state <> 6 AND m.id > ifnull(
              (SELECT a.id FROM message a LEFT JOIN entry b ON b.id = a.id
               WHERE a.thread = ?1 AND a.direction = 1 AND ifnull(b.state, 4) = 4
               ORDER BY a.id DESC LIMIT 1), 0)
            ORDER BY m.id DESC LIMIT 1
            """)
        newestAnswers = try prepare(
            """
            SELECT e.state FROM message m CROSS JOIN entry e ON e.id = m.id
            WHERE m.thread = ? AND m.id > ? AND m.direction = 1
            """)
        payloadAbout = try prepare(
            """
            SELECT p.body FROM message m CROSS JOIN payload p ON p.message = m.id
            WHERE m.thread = ?1 AND m.id = ifnull(
              ?2, (SELECT id FROM message WHERE thread = ?1 ORDER BY id DESC LIMIT 1))
            """)
        messageKey = try prepare("SELECT key FROM message WHERE id = ?")
        liveConversation = try prepare(ThreadQuery.liveOfThread)
        lastConversation = try prepare(ThreadQuery.lastOfThread)
        countConversations = try prepare("SELECT count(*) FROM conversation WHERE thread = ?")
        lastAgent = try prepare(
            """
            SELECT agent, agent_name FROM conversation
            WHERE thread = ? AND agent IS NOT NULL ORDER BY id DESC LIMIT 1
            """)
        findConversation = try prepare(
            """
            SELECT \(ConversationSelection.columns)
            FROM \(ConversationSelection.tables) WHERE c.reference = ?
            """)
        insertConversation = try prepare(
            """
            INSERT INTO conversation (id, thread, reference, stage, since, accepted)
            VALUES (?, ?, ?, 0, ?, 0)
            """)
        saveConversation = try prepare(
            """
            UPDATE conversation SET stage = ?, since = ?, accepted = ?, queue = ?, queue_name = ?,
              agent = ?, agent_name = ?, ended = ?, wrap_up = ?, wrap_up_name = ?,
              wrap_up_notes = ?, version = version + 1
            WHERE id = ?
            """)
        isBusy = try prepare(
            """
            SELECT 1 FROM lane
            WHERE thread = ? AND destination = 'genesys' AND kind = 0 AND head IS NOT NULL
            """)
        countRecreations = try prepare(
            "SELECT count(*) FROM entry WHERE message = ?1 AND id <> message")
        routeOfEntry = try prepare(
            """
            SELECT r.destination, r.name FROM entry e CROSS JOIN route r ON r.id = e.route
            WHERE e.id = ?
            """)
        insertEvent = try prepare("INSERT INTO event (id, thread, body) VALUES (?, ?, ?)")
        saveConcern = try prepare(
            """
            INSERT INTO concern (thread, kind, entry, since, due_at, reason)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        dropConcern = try prepare(
            "DELETE FROM concern WHERE thread = ? AND kind = ? AND entry = ? RETURNING kind")
        dropWaitingConcerns = try prepare(
            "DELETE FROM concern WHERE thread = ? AND kind < 2 RETURNING kind")
        countConcerns = try prepare(
            """
            INSERT INTO concern_count (kind, n) VALUES (?, ?)
            ON CONFLICT DO UPDATE SET n = n + excluded.n
            """)
        dueConcerns = try prepare(
            """
            SELECT thread FROM concern
            WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?
            """)
        nextConcern = try prepare(
            "SELECT due_at FROM concern WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1")
        insertAudit = try prepare(
            """
            INSERT INTO audit (thread, at, action, actor, message, detail)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
    }
}
