internal import GRDB

/// Everything the writing connection says to SQLite, prepared once.
struct Statements {
    // MARK: Names

    let findShop: Statement
    let insertShop: Statement
    let findRoute: Statement
    let insertRoute: Statement
    let saveReached: Statement
    let findMeta: Statement
    let saveMeta: Statement
    let dropMeta: Statement
    let saveCalls: Statement
    let dropCalls: Statement

    // MARK: Accept

    let findKey: Statement
    let findThread: Statement
    let insertThread: Statement
    let saveAwaiting: Statement
    let insertMessage: Statement
    let insertPayload: Statement
    let findLane: Statement
    let insertLane: Statement
    let insertEntry: Statement

    // MARK: Transitions

    let dueLanes: Statement
    let nextDue: Statement
    let claimLane: Statement
    let claimEntry: Statement
    let beginAttempt: Statement
    let endAttempt: Statement
    let findDelivery: Statement
    let findEntry: Statement
    let saveEntry: Statement
    let findDead: Statement
    let pageInState: Statement
    let nextLooks: Statement
    let firstAttempt: Statement
    let isKnownAttempt: Statement
    let laneByID: Statement
    let firstOpen: Statement
    let openEntries: Statement
    let saveLook: Statement
    let saveLane: Statement
    let touchLane: Statement
    let holdLane: Statement

    // MARK: Pruning

    let oldChanges: Statement
    let dropChange: Statement
    let dropAttempts: Statement
    let isQuiet: Statement
    let messagesOf: Statement
    let dropEntry: Statement
    let furtherDeliveries: Statement
    let eventsOf: Statement
    let dropEvent: Statement
    let dropConversations: Statement
    let dropAudits: Statement
    let dropPayload: Statement
    let dropMessage: Statement
    let dropLanes: Statement
    let dropThread: Statement
    let freePages: Statement
    let allPages: Statement
    let pageSize: Statement
    let giveBackPages: Statement

    // MARK: Records of the commit

    let lastChange: Statement
    let lastNumber: Statement
    let insertChange: Statement
    let countEntries: Statement
    let countThreads: Statement
    let countWaiting: Statement

    init(_ database: Database) throws {
        func prepare(_ text: String) throws -> Statement { try Statement(database, text) }

        findShop = try prepare("SELECT id FROM shop WHERE name = ?")
        insertShop = try prepare("INSERT INTO shop (name) VALUES (?)")
        findRoute = try prepare("SELECT id FROM route WHERE destination = ? AND name = ?")
        insertRoute = try prepare(
            "INSERT INTO route (destination, name, reached) VALUES (?, ?, ?)")
        saveReached = try prepare(
            "UPDATE route SET reached = ? WHERE destination = ? AND name = ?")
        findMeta = try prepare("SELECT value FROM meta WHERE name = ?")
        saveMeta = try prepare(
            """
            INSERT INTO meta (name, value) VALUES (?, ?)
            ON CONFLICT DO UPDATE SET value = excluded.value
            """)
        dropMeta = try prepare("DELETE FROM meta WHERE name = ?")
        saveCalls = try prepare(
            """
            INSERT INTO call_count (month, kind, n) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET n = excluded.n
            """)
        dropCalls = try prepare("DELETE FROM call_count WHERE month < ?")

        findKey = try prepare(
            """
            SELECT m.id, m.digest, t.key
            FROM message m CROSS JOIN thread t ON t.id = m.thread
            WHERE m.shop = ? AND m.key = ?
            """)
        findThread = try prepare(
            "SELECT id, awaiting FROM thread WHERE shop = ? AND key = ?")
        insertThread = try prepare(
            """
            INSERT INTO thread (shop, key, awaiting, awaiting_since, customer)
            VALUES (?, ?, ?, ?, ?)
            """)
        saveAwaiting = try prepare(
            "UPDATE thread SET awaiting = ?, awaiting_since = ? WHERE id = ?")
        insertMessage = try prepare(
            """
            INSERT INTO message (id, thread, direction, shop, key, digest)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        insertPayload = try prepare("INSERT INTO payload (message, body) VALUES (?, ?)")
        findLane = try prepare(
            """
            SELECT id, head, held FROM lane WHERE thread = ? AND destination = ? AND kind = ?
            """)
        insertLane = try prepare(
            """
            INSERT INTO lane (thread, destination, kind, held, head, route, urgency, due_at)
            VALUES (?, ?, ?, 0, ?, ?, 0, ?)
            """)
        insertEntry = try prepare(
            """
            INSERT INTO entry (id, message, lane, route, position, state, urgency, due_at,
              reach_base, attempts, tries)
            VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?, 0, 0)
            """)

        dueLanes = try prepare(
            """
            SELECT id, head, due_at FROM lane
            WHERE route = ? AND urgency = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?
            """)
        nextDue = try prepare(
            """
            SELECT due_at FROM lane
            WHERE route = ? AND urgency = ? AND due_at IS NOT NULL ORDER BY due_at LIMIT 1
            """)
        claimLane = try prepare(
            "UPDATE lane SET due_at = NULL, version = version + 1 WHERE id = ?")
        claimEntry = try prepare(
            """
            UPDATE entry
            SET state = 1, due_at = NULL, reason = NULL, attempts = ?, fence = ?, joins = ?,
              joins_last = ?
            WHERE id = ?
            """)
        beginAttempt = try prepare(
            "INSERT INTO attempt (entry, number, fence, started_at) VALUES (?, ?, ?, ?)")
        endAttempt = try prepare(
            """
            UPDATE attempt SET ended_at = ?, outcome = ?, reason = ?, status = ?, correlation = ?
            WHERE entry = ? AND number = ?
            """)
        findDelivery = try prepare(
            """
            SELECT \(EntrySelection.columns), e.reach_base, e.attempts, p.body, v.body, l.thread
            FROM \(EntrySelection.tables)
              LEFT JOIN payload p ON p.message = e.message
              LEFT JOIN event v ON v.id = e.message
            WHERE e.id = ?
            """)
        findEntry = try prepare(
            """
            SELECT \(EntrySelection.columns), e.route, e.position, e.urgency, e.reach_base,
              e.attempts, e.fence, e.doubted, e.looks, e.joins, l.thread, e.joins_last
            FROM \(EntrySelection.tables) WHERE e.id = ?
            """)
        saveEntry = try prepare(
            """
            UPDATE entry SET position = ?, state = ?, urgency = ?, due_at = ?, reach_base = ?,
              tries = ?, reason = ?, reference = ?, doubts = ?, doubted = ?, looks = ?, look_at = ?,
              possible_duplicate = ?
            WHERE id = ?
            """)
        findDead = try prepare("SELECT id FROM entry WHERE state = 5 ORDER BY id LIMIT ?")
        pageInState = try prepare(
            "SELECT id, fence FROM entry WHERE state = ? AND id > ? ORDER BY id LIMIT ?")
        // Where there is no lane, nobody else is going to tell of it.
        nextLooks = try prepare(
            """
            SELECT e.id, e.look_at FROM entry e LEFT JOIN lane l ON l.id = e.lane
            WHERE e.look_at IS NOT NULL AND ifnull(l.destination, ?1) = ?1
            ORDER BY e.look_at, e.id LIMIT ?2
            """)
        firstAttempt = try prepare(
            "SELECT started_at FROM attempt WHERE entry = ? ORDER BY number LIMIT 1")
        isKnownAttempt = try prepare(
            """
            SELECT ended_at IS NULL OR outcome = 'unknown' FROM attempt
            WHERE entry = ? ORDER BY number DESC LIMIT 1
            """)
        laneByID = try prepare("SELECT head, held FROM lane WHERE id = ?")
        firstOpen = try prepare(
            """
            SELECT id, state, route, urgency, due_at, look_at FROM entry
            WHERE lane = ? AND state < 4 ORDER BY position LIMIT 1
            """)
        openEntries = try prepare(
            """
            SELECT id, state, route, due_at, fence FROM entry
            WHERE lane = ? AND state < 4 ORDER BY position LIMIT ?
            """)
        saveLook = try prepare("UPDATE entry SET look_at = ? WHERE id = ?")
        saveLane = try prepare(
            """
            UPDATE lane SET head = ?, route = ?, urgency = ?, due_at = ?, version = version + 1
            WHERE id = ?
            """)
        touchLane = try prepare("UPDATE lane SET version = version + 1 WHERE id = ?")
        holdLane = try prepare("UPDATE lane SET held = ? WHERE id = ?")

        oldChanges = try prepare(
            """
            SELECT c.sequence, c.at, c.entry, c.state IN (4, 6), e.id IS NULL OR \(Query.isDone)
            FROM change c LEFT JOIN entry e ON e.id = c.entry
            WHERE c.sequence > ? AND c.sequence < (SELECT max(sequence) FROM change)
            ORDER BY c.sequence LIMIT ?
            """)
        dropChange = try prepare("DELETE FROM change WHERE sequence = ?")
        dropAttempts = try prepare("DELETE FROM attempt WHERE entry = ?")
        isQuiet = try prepare("SELECT 1 FROM thread t WHERE t.id = ?1 AND \(Query.isQuiet)")
        messagesOf = try prepare("SELECT id FROM message WHERE thread = ? ORDER BY id LIMIT ?")
        dropEntry = try prepare("DELETE FROM entry WHERE id = ? RETURNING route, state")
        furtherDeliveries = try prepare(
            "SELECT id FROM entry WHERE message = ?1 AND id <> message")
        eventsOf = try prepare("SELECT id FROM event WHERE thread = ? ORDER BY id LIMIT ?")
        dropEvent = try prepare("DELETE FROM event WHERE id = ?")
        dropConversations = try prepare("DELETE FROM conversation WHERE thread = ?")
        dropAudits = try prepare("DELETE FROM audit WHERE thread = ?")
        dropPayload = try prepare("DELETE FROM payload WHERE message = ?")
        dropMessage = try prepare("DELETE FROM message WHERE id = ?")
        dropLanes = try prepare("DELETE FROM lane WHERE thread = ?")
        dropThread = try prepare("DELETE FROM thread WHERE id = ? RETURNING shop, awaiting")
        freePages = try prepare("PRAGMA freelist_count")
        allPages = try prepare("PRAGMA page_count")
        pageSize = try prepare("PRAGMA page_size")
        giveBackPages = try prepare("PRAGMA incremental_vacuum(64)")

        lastChange = try prepare("SELECT max(sequence) FROM change")
        lastNumber = try prepare(
            """
            SELECT max(ifnull((SELECT max(id) FROM message), 0),
              ifnull((SELECT max(id) FROM entry), 0), ifnull((SELECT max(id) FROM file), 0),
              ifnull((SELECT max(id) FROM conversation), 0))
            """)
        insertChange = try prepare(
            """
            INSERT INTO change (sequence, entry, state, at, reason, actor)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        countEntries = try prepare(
            """
            INSERT INTO entry_count (route, state, n) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET n = n + excluded.n
            """)
        countThreads = try prepare(
            """
            INSERT INTO thread_count (shop, awaiting, n) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET n = n + excluded.n
            """)
        countWaiting = try prepare(
            """
            SELECT sum(c.n) FROM route r CROSS JOIN entry_count c ON c.route = r.id
            WHERE r.destination = 'genesys' AND c.state IN (0, 1)
            """)
    }
}
