import Outbox

/// A conversation at one moment, whichever of Genesys' shapes it was read from.
///
/// No member of a shape is certain to be there: what is missing or odd is not known.
struct ConversationSnapshot: Sendable, Equatable {
    /// What the side of a participant does; the numbers are how much it has to do with the conversation.
    enum State: Sendable, Equatable {
        /// Neither there yet nor gone, as a step of a flow.
        case idle
        case alerting, connected, parked
        case over
    }

    /// A participant's side.
    struct Side: Sendable, Equatable {
        /// The participant's.
        var id: String?
        var purpose = ""
        var provider: String?
        var state = State.idle
        /// Who it is, of an agent's side.
        var agent: Agent?
        /// Where it waits or was handed out from.
        var queue: Queue?
        var startedAt: Timestamp?
        var connectedAt: Timestamp?
        var endedAt: Timestamp?
        /// In small letters and without dots, in which the shapes differ: `sessionexpired`.
        var disconnectType: String?
        var wrapUp: WrapUp?
        /// Whether its queue demands a code; known of the flat shape only.
        var requiresWrapUp = false
        /// The entry that created the conversation (`bridge.key`).
        var marker: EntryID?
    }

    var id: String
    /// In the order of the shape, which is the one in which they came.
    var sides: [Side]
    /// Whether the conversation as a whole is said to have ended.
    var hasEnded = false
    /// The newest time it speaks of: of two snapshots that differ in it, the smaller one is older.
    var newest: Timestamp?
    /// The ids of those that it belongs to.
    var divisions: [String] = []
}

extension ConversationSnapshot.Side {
    /// A person of the contact centre.
    var isAgent: Bool { purpose == "agent" || purpose == "user" }

    /// A queue that hands out.
    var isQueue: Bool { purpose == "acd" }

    var isOver: Bool { state == .over }
}

extension ConversationSnapshot {
    /// The sides it came from: by the provider, since their purpose is `customer` with some organisations and
    /// `external` with others; Genesys gives its own sides that provider as well.
    func customers(of provider: String) -> [Side] {
        let ours = sides.filter { $0.provider == provider }
        let named = ours.filter { ["customer", "external"].contains($0.purpose) }
        guard named.isEmpty else { return named }
        return ours.prefix(1).filter { !$0.isAgent && !$0.isQueue }
    }

    /// The entry that created it; `nil` if it is none of ours, or the shape has no attributes.
    func marker(of provider: String) -> EntryID? {
        customers(of: provider).compactMap(\.marker).first
    }
}
