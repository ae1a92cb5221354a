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
    /// Takes out what came before the start of a share; what it is about is looked for in what is left.
    mutating func begin(with start: MessageID) {
        let began = start.drawnAt
        let count = messages.count
        messages.removeAll { $0.id < start }
        hasOlder = hasOlder && messages.count == count
        if let asked = question, asked < start { question = nil }
        let asked = messages.filter { $0.direction == .customer }.compactMap(\.message)
        about = asked.last { $0.order != nil } ?? asked.last
        conversations.removeAll { $0.began < began }
        linked.removeAll { $0.at < began }
    }
}
