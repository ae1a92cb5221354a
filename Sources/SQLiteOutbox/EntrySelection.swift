internal import Outbox

/// An entry with the names it is known by, in the order that `entry(from:)` reads.
///
/// CROSS JOIN keeps the order of the tables: without figures about them SQLite might begin with the shops.
enum EntrySelection {
    static let columns = """
        e.id, e.message, s.name, t.key, e.lane, r.name, e.state, e.due_at, e.tries, e.reason,
        e.reference, e.doubts, e.possible_duplicate, l.kind, l.destination
        """

    static let tables = """
        entry e
          CROSS JOIN lane l ON l.id = e.lane
          CROSS JOIN thread t ON t.id = l.thread
          CROSS JOIN shop s ON s.id = t.shop
          CROSS JOIN route r ON r.id = e.route
        """

    static let width: Int32 = 15

    /// - Parameter lead: what a stored due time is ahead of the wall clock.
    static func entry(from row: Row, lead: Duration) throws -> Entry {
        Entry(
            id: EntryID(rawValue: row.integer(0)), message: MessageID(rawValue: row.integer(1)),
            shop: ShopName(row.text(2)), thread: ThreadKey(row.text(3)),
            lane: LaneID(rawValue: row.integer(4)),
            kind: LaneKind(rawValue: Int(row.integer(13))) ?? .message,
            destination: DestinationName(row.text(14)), route: RouteName(row.text(5)),
            state: try row.state(6),
            dueAt: row.optionalInteger(7).map { Timestamp(milliseconds: $0 - lead.milliseconds) },
            tries: Int(row.integer(8)), reason: row.optionalText(9),
            reference: row.optionalText(10), doubts: Int(row.integer(11)),
            isPossibleDuplicate: row.integer(12) != 0)
    }
}
