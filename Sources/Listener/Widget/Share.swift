import Outbox

/// How much of a thread is somebody's to see.
struct Share: Sendable, Equatable {
    /// The first message of it; `nil` for all that came before.
    var start: MessageID?
    /// What came to the thread from there on is none of theirs: it belongs to a conversation after theirs.
    var horizon: MessageID?

    static let all = Share()

    func contains(_ message: MessageID) -> Bool {
        if let start, message < start { return false }
        if let horizon, message >= horizon { return false }
        return true
    }
}

extension TranscriptPage {
    /// Takes out what came before the start of a share.
    mutating func begin(with start: MessageID) {
        let began = EntryID(firstOf: start).drawnAt
        let count = messages.count
        messages.removeAll { $0.id < start }
        hasOlder = hasOlder && messages.count == count
        if let asked = question, asked < start { question = nil }
        conversations.removeAll { $0.began < began }
        linked.removeAll { $0.at < began }
    }
}
