/// What is asked of the reading connections about threads.
enum ThreadQuery {
    private static let conversation = """
        SELECT \(ConversationSelection.columns) FROM \(ConversationSelection.tables)
        """

    static let live = """
        \(conversation) WHERE c.stage < 4 AND c.id > ? ORDER BY c.id LIMIT ?
        """
    static let conversations = "\(conversation) WHERE c.thread = ? ORDER BY c.id"
    static let liveOfThread = """
        \(conversation) WHERE c.thread = ? AND c.stage < 4 ORDER BY c.id DESC LIMIT 1
        """
    static let lastOfThread = "\(conversation) WHERE c.thread = ? ORDER BY c.id DESC LIMIT 1"

    static let named = """
        SELECT t.id FROM shop s CROSS JOIN thread t ON t.shop = s.id
        WHERE s.name = ? AND t.key = ?
        """
    static let thread = """
        SELECT s.name, t.key, t.awaiting, t.awaiting_since
        FROM thread t CROSS JOIN shop s ON s.id = t.shop WHERE t.id = ?
        """
    static let ofConversation = """
        SELECT s.name, t.key
        FROM conversation c
          CROSS JOIN thread t ON t.id = c.thread
          CROSS JOIN shop s ON s.id = t.shop
        WHERE c.reference = ?
        """
    static let ofCustomer = """
        SELECT t.id FROM shop s CROSS JOIN thread t ON t.shop = s.id
        WHERE s.name = ? AND t.customer = ? ORDER BY t.id DESC LIMIT ?
        """
    static let messages = """
        SELECT \(LineSelection.columns) FROM \(LineSelection.tables)
        WHERE m.thread = ? ORDER BY m.id
        """
    static let concerns = """
        SELECT kind, s.name, t.key, since, due_at, entry, reason
        FROM concern
          CROSS JOIN thread t ON t.id = concern.thread
          CROSS JOIN shop s ON s.id = t.shop
        ORDER BY since, concern.thread, kind, entry LIMIT ?
        """
    static let audits = """
        SELECT at, action, actor, message, detail FROM audit WHERE thread = ? ORDER BY id
        """

    /// Threads in which a customer waits, behind ?1 and ?2, and whether nobody has them; ?3 of them.
    static let waiting = """
        SELECT t.id, t.awaiting_since, s.name, t.key,
          NOT EXISTS (
            SELECT 1 FROM lane WHERE thread = t.id AND kind = 0 AND head IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM conversation WHERE thread = t.id AND stage < 4)
          AND NOT EXISTS (SELECT 1 FROM concern WHERE thread = t.id)
        FROM thread t CROSS JOIN shop s ON s.id = t.shop
        WHERE t.awaiting = 1 AND t.awaiting_since >= ?1
          AND (t.awaiting_since > ?1 OR t.id > ?2)
        ORDER BY t.awaiting_since, t.id LIMIT ?3
        """
}
