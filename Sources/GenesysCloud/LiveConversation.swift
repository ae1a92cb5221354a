import ExactJSON

/// A conversation as it stands now: the answer of `GET /api/v2/conversations/{id}`.
struct LiveConversation: Sendable {
    private let body: JSON

    init(_ body: JSON) {
        self.body = body
    }

    var hasEnded: Bool { body["endTime"]?.string != nil }

    /// The side it came from: by its provider, since its purpose is `customer` with some organisations and
    /// `external` with others.
    func sender(_ provider: String) -> JSON? {
        participants.first { emails(of: $0).contains { $0["provider"]?.string == provider } }
    }

    /// Whether an agent has it before them, or may come back to it.
    var isWithAgent: Bool {
        participants.contains { participant in
            guard ["agent", "user"].contains(participant["purpose"]?.string) else { return false }
            let states = emails(of: participant).map { $0["state"]?.string }
            guard !states.isEmpty else { return participant["endTime"]?.string == nil }
            return !states.allSatisfy { ["disconnected", "terminated"].contains($0) }
        }
    }

    private var participants: [JSON] { body["participants"]?.array ?? [] }

    private func emails(of participant: JSON) -> [JSON] { participant["emails"]?.array ?? [] }
}
