import Outbox

/// How much of a thread is somebody's to see.
struct Share: Sendable, Equatable {
    /// The first message of it; `nil` for all that came before.
    var start: MessageID?
    /// What came to the thread from there on is none of theirs: it belongs to a conversation after theirs.
    var horizon: MessageID?
    /// Conversations near by that Genesys hides: of what is between nothing is shown that belongs to them.
    var hidden: Set<String> = []

    static let all = Share()

    func contains(_ message: MessageID) -> Bool {
        if let start, message < start { return false }
        if let horizon, message >= horizon { return false }
        return true
    }
}

extension TranscriptPage {
    /// Takes out what is of no share of somebody's; what it is about is looked for in what is left.
    mutating func keep(_ share: Share) {
        guard share.start != nil || !share.hidden.isEmpty else { return }
        let start = share.start ?? MessageID(rawValue: 0)
        hasOlder = hasOlder && messages.allSatisfy { $0.id >= start }
        messages.removeAll { $0.id < start || $0.isOf(share.hidden) }
        if let asked = question, asked < start || !share.hidden.isEmpty {
            question = messages.last { $0.direction == .customer }?.id
        }
        let asked = messages.filter { $0.direction == .customer }.compactMap(\.message)
        about = asked.last { $0.order != nil } ?? asked.last
        conversations.removeAll {
            $0.began < start.drawnAt || share.hidden.contains($0.observation.reference)
        }
        linked.removeAll { $0.at < start.drawnAt }
    }
}

extension Transcript.Line {
    /// Whether all conversations that it is known to belong to are among these.
    fileprivate func isOf(_ conversations: Set<String>) -> Bool {
        let own = self.conversations + [message?.authorship?.conversation].compactMap { $0 }
        return !own.isEmpty && conversations.isSuperset(of: own)
    }
}
