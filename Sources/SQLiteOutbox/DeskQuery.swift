internal import Outbox

/// What is asked of the reading connections for the agents' tab.
enum DeskQuery {
    /// Messages of a thread below a number, newest first.
    static let page = """
        SELECT \(LineSelection.columns) FROM \(LineSelection.tables)
        WHERE m.thread = ?1 AND m.id < ?2 ORDER BY m.id DESC LIMIT ?3
        """
    static let customer = "SELECT customer FROM thread WHERE id = ?"
    static let question = """
        SELECT m.id, p.body FROM message m LEFT JOIN payload p ON p.message = m.id
        WHERE m.thread = ? AND m.id < ? AND m.direction = 0 ORDER BY m.id DESC LIMIT 1
        """
    /// What the customer wrote of late, newest first.
    static let questions = """
        SELECT p.body
        FROM (
          SELECT id, direction FROM message WHERE thread = ? AND id < ?
          ORDER BY id DESC LIMIT 200) newest
          CROSS JOIN payload p ON p.message = newest.id
        WHERE newest.direction = 0 LIMIT 20
        """
    static let conversations = """
        SELECT \(ConversationSelection.columns) FROM \(ConversationSelection.tables)
        WHERE c.thread = ? AND c.id < ? ORDER BY c.id DESC
        LIMIT \(TranscriptPage.mostConversations)
        """
    static let linked = """
        SELECT reference, address, subject, agent, agent_name, at FROM linked
        WHERE thread = ? AND at <= ? >> 20 ORDER BY id DESC LIMIT 20
        """
    static let beginning = """
        SELECT min(n.id, ifnull(\(first), n.id)) FROM conversation n WHERE n.reference = ?
        """
    /// A message that goes out once more with a later conversation is of the one that it went to first.
    private static let first = """
        (SELECT min(e.message) FROM entry e WHERE e.reference = n.reference AND e.id = e.message)
        """
    static let earlier = neighbours("c.id < n.id ORDER BY c.id DESC")
    static let later = neighbours("c.id > n.id ORDER BY c.id")

    private static func neighbours(_ side: String) -> String {
        """
        SELECT \(ConversationSelection.columns)
        FROM conversation n CROSS JOIN \(ConversationSelection.tables)
        WHERE n.reference = ? AND c.thread = n.thread AND \(side)
        LIMIT \(ConversationNeighbours.most)
        """
    }

    /// What led to the next conversation may have come before anybody saw this one end.
    static let horizon = """
        SELECT min(max((c.since + 1) << 20, c.id + 1), n.id, ifnull(\(first), n.id))
        FROM conversation c
          CROSS JOIN conversation n ON n.id = (
            SELECT id FROM conversation WHERE thread = c.thread AND id > c.id ORDER BY id LIMIT 1)
        WHERE c.reference = ? AND c.stage = 4
        """

    /// Of a lane's entries and of conversations the versions only grow; all else is followed by its numbers.
    static let mark = """
        SELECT
          (SELECT id FROM message WHERE thread = ?1 ORDER BY id DESC LIMIT 1),
          (SELECT sum(version) FROM lane WHERE thread = ?1 AND kind = 0),
          (SELECT max(id) || '.' || sum(version) FROM (
            SELECT id, version FROM conversation WHERE thread = ?1
            ORDER BY id DESC LIMIT 20) newest),
          (SELECT id FROM audit WHERE thread = ?1 ORDER BY id DESC LIMIT 1),
          (SELECT group_concat(kind || '.' || entry || '.' || ifnull(due_at, ''), '_')
           FROM concern WHERE thread = ?1)
        """

    /// The threads of a list behind ?1 and ?2, and why they are in it; ?3 of them.
    static func threads(_ list: ThreadList) -> String {
        switch list {
        case .waiting:
            """
            SELECT id, awaiting_since, NULL FROM thread
            WHERE awaiting = 1 AND awaiting_since >= ?1 AND (awaiting_since > ?1 OR id > ?2)
            ORDER BY awaiting_since, id LIMIT ?3
            """
        case .unanswered:
            """
            SELECT thread, since, reason FROM concern
            WHERE kind < 2 AND since >= ?1 AND (since > ?1 OR thread > ?2)
            ORDER BY since, thread LIMIT ?3
            """
        case .refused:
            """
            SELECT thread, since, reason FROM concern c
            WHERE kind = 2 AND since >= ?1 AND (since > ?1 OR thread > ?2)
              AND NOT EXISTS (
                SELECT 1 FROM concern o
                WHERE o.thread = c.thread AND o.kind = 2
                  AND (o.since, o.entry) < (c.since, c.entry))
            ORDER BY since, thread LIMIT ?3
            """
        case .open:
            """
            SELECT thread, id >> 20, NULL FROM conversation c
            WHERE stage < 4 AND id >> 20 >= ?1 AND (id >> 20 > ?1 OR thread > ?2)
              AND NOT EXISTS (
                SELECT 1 FROM conversation o
                WHERE o.thread = c.thread AND o.stage < 4 AND o.id < c.id)
            ORDER BY id >> 20, thread LIMIT ?3
            """
        }
    }

    static let route = """
        SELECT r.name
        FROM message m
          CROSS JOIN entry e ON e.id = \(Query.newestDelivery)
          CROSS JOIN route r ON r.id = e.route
        WHERE m.id = ?
        """

    static let drafts = """
        SELECT id, conversation, agent, agent_name, kind, body, at FROM draft
        WHERE thread = ? ORDER BY at DESC, conversation, agent, kind
        """
    static let filesOfDraft = "SELECT id FROM file WHERE draft = ? ORDER BY place"
    static let file = """
        SELECT \(FileSelection.columns) FROM \(FileSelection.tables) WHERE f.id = ?
        """
    static let part = "SELECT bytes FROM file_part WHERE file = ? AND number = ?"
    static let login = "SELECT sealed FROM login WHERE key = ? AND until > ?"
}
