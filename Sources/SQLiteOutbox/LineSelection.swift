internal import Outbox

/// A message with what became of its newest delivery, in the order that `line(from:)` reads.
enum LineSelection {
    static let columns = """
        m.id, m.direction, p.body, e.state, e.reason, e.id,
        CASE WHEN m.direction = 1 AND e.state = 0 AND e.attempts = 0 THEN e.due_at END, m.withdrawn,
        CASE m.direction WHEN 0 THEN f.reference END, CASE m.direction WHEN 0 THEN e.reference END
        """

    static let tables = """
        message m
          LEFT JOIN payload p ON p.message = m.id
          LEFT JOIN entry e ON e.id = \(Query.newestDelivery)
          LEFT JOIN entry f ON f.id = m.id
        """

    /// - Parameter lead: what a stored due time is ahead of the wall clock.
    static func line(from row: Row, lead: Duration) throws -> Transcript.Line {
        let (first, last) = (row.optionalText(8), row.optionalText(9))
        return Transcript.Line(
            id: MessageID(rawValue: row.integer(0)),
            direction: Message.Direction(number: row.integer(1)),
            message: try? Message(payload: row.bytes(2)),
            state: row.isNull(3) ? nil : try row.state(3), reason: row.optionalText(4),
            entry: row.optionalInteger(5).map { EntryID(rawValue: $0) },
            conversations: [first, last == first ? nil : last].compactMap { $0 },
            withdrawableUntil: row.optionalInteger(6).map {
                Timestamp(milliseconds: $0) + (.zero - lead)
            },
            isWithdrawn: row.integer(7) != 0)
    }
}
