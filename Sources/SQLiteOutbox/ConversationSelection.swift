internal import Outbox

/// A conversation, in the order that `init` reads.
enum ConversationSelection {
    static let columns = """
        c.id, c.thread, c.reference, c.stage, c.since, c.accepted, c.queue, c.queue_name, c.agent,
        c.agent_name, c.ended, c.wrap_up, c.wrap_up_name, c.wrap_up_notes
        """

    static let tables = "conversation c"
}

/// A conversation as the store keeps it.
struct StoredConversation {
    let id: Int64
    let thread: Int64
    var observation: Observation
    var since: Timestamp

    init(_ row: Row) {
        id = row.integer(0)
        thread = row.integer(1)
        since = row.timestamp(4)
        observation = Observation(
            reference: row.text(2),
            stage: ConversationStage(rawValue: Int(row.integer(3))) ?? .ended,
            queue: row.optionalText(6).map { Queue(id: $0, name: row.optionalText(7)) },
            agent: row.optionalText(8).map { Agent(id: $0, name: row.optionalText(9)) },
            wasAccepted: row.integer(5) != 0,
            end: row.optionalText(10).map { ConversationEnd(rawValue: $0) ?? .unknown },
            wrapUp: row.optionalText(11).map {
                WrapUp(code: $0, name: row.optionalText(12), notes: row.optionalText(13))
            })
    }

    var record: ConversationRecord {
        ConversationRecord(
            observation: observation, began: ConversationID(rawValue: id).drawnAt, since: since)
    }
}
