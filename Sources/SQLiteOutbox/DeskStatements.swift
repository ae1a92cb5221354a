internal import GRDB

/// What the writing connection says of drafts, files and logins, prepared once.
struct DeskStatements {
    let markWithdrawn: Statement
    let findDraft: Statement
    let saveDraft: Statement
    let dropDraft: Statement
    let dropEmptyDrafts: Statement
    let dropDrafts: Statement

    // MARK: Files

    let findFile: Statement
    let unsentFiles: Statement
    let insertFile: Statement
    let nextPart: Statement
    let insertPart: Statement
    let saveReceived: Statement
    let filesOfDraft: Statement
    let filesOfMessage: Statement
    let filesOfThread: Statement
    let unusedFiles: Statement
    let abandonedFiles: Statement
    let nameFile: Statement
    let sendFile: Statement
    let takeFilesBack: Statement
    let releaseFiles: Statement
    let handFiles: Statement
    let dropParts: Statement
    let dropFile: Statement

    let insertLinked: Statement
    let dropLinked: Statement
    let saveLogin: Statement
    let dropLogin: Statement
    let dropExpired: Statement

    init(_ database: Database) throws {
        func prepare(_ text: String) throws -> Statement { try Statement(database, text) }

        markWithdrawn = try prepare("UPDATE message SET withdrawn = 1 WHERE id = ?")
        findDraft = try prepare(
            """
            SELECT id, agent_name, body, at FROM draft
            WHERE thread = ? AND conversation = ? AND agent = ? AND kind = ?
            """)
        saveDraft = try prepare(
            """
            INSERT INTO draft (thread, conversation, agent, kind, agent_name, body, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE
            SET agent_name = excluded.agent_name, body = excluded.body, at = excluded.at
            RETURNING id
            """)
        dropDraft = try prepare("DELETE FROM draft WHERE id = ?")
        dropEmptyDrafts = try prepare(
            """
            DELETE FROM draft
            WHERE thread = ? AND body = ''
              AND NOT EXISTS (SELECT 1 FROM file WHERE file.draft = draft.id)
            """)
        dropDrafts = try prepare("DELETE FROM draft WHERE thread = ?")

        findFile = try prepare(
            "SELECT \(FileSelection.columns) FROM \(FileSelection.tables) WHERE f.id = ?")
        unsentFiles = try prepare(
            """
            SELECT count(*), ifnull(sum(size), 0) FROM file
            WHERE thread = ? AND agent = ? AND message IS NULL
            """)
        insertFile = try prepare(
            """
            INSERT INTO file (id, thread, agent, name, content_type, size, received)
            VALUES (?, ?, ?, ?, ?, ?, 0)
            """)
        nextPart = try prepare(
            "SELECT number + 1 FROM file_part WHERE file = ? ORDER BY number DESC LIMIT 1")
        insertPart = try prepare("INSERT INTO file_part (file, number, bytes) VALUES (?, ?, ?)")
        saveReceived = try prepare("UPDATE file SET received = received + ? WHERE id = ?")
        filesOfDraft = try prepare("SELECT id FROM file WHERE draft = ? ORDER BY place")
        filesOfMessage = try prepare("SELECT id FROM file WHERE message = ? ORDER BY place")
        filesOfThread = try prepare("SELECT id FROM file WHERE thread = ? ORDER BY id LIMIT ?")
        unusedFiles = try prepare(
            """
            SELECT id FROM file WHERE message IS NULL AND draft IS NULL AND id < ?
            ORDER BY id LIMIT ?
            """)
        abandonedFiles = try prepare(
            """
            SELECT id FROM file
            WHERE thread = ? AND agent = ? AND message IS NULL AND draft IS NULL AND id < ?
            """)
        nameFile = try prepare("UPDATE file SET draft = ?, place = ? WHERE id = ?")
        sendFile = try prepare(
            "UPDATE file SET message = ?, draft = NULL, place = ? WHERE id = ?")
        takeFilesBack = try prepare("UPDATE file SET message = NULL WHERE message = ?")
        releaseFiles = try prepare("UPDATE file SET draft = NULL WHERE draft = ?")
        handFiles = try prepare("UPDATE file SET agent = ? WHERE draft = ?")
        dropParts = try prepare("DELETE FROM file_part WHERE file = ? RETURNING number")
        dropFile = try prepare("DELETE FROM file WHERE id = ?")

        insertLinked = try prepare(
            """
            INSERT INTO linked (thread, reference, address, subject, agent, agent_name, at)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
            """)
        dropLinked = try prepare("DELETE FROM linked WHERE thread = ?")
        saveLogin = try prepare(
            """
            INSERT INTO login (key, sealed, until) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET sealed = excluded.sealed, until = excluded.until
            """)
        dropLogin = try prepare("DELETE FROM login WHERE key = ?")
        dropExpired = try prepare(
            """
            DELETE FROM login
            WHERE key IN (SELECT key FROM login WHERE until <= ? ORDER BY until LIMIT 100)
            """)
    }
}
