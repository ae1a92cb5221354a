/// Where an entry stands between its acceptance and its end.
///
/// ```
///  pending ──claim──▶ sending ──▶ delivered
///     ▲  ▲               ├──▶ pending    not sent, throttled, or worth another try
///     │  │               ├──▶ in_doubt ──▶ delivered, or pending once it is known not to be there
///     │  └── retry ──────┼──▶ held
///     └───── retry ──────┴──▶ dead
/// ```
/// The numbers are what the store keeps: open states lie below `delivered`.
public enum EntryState: Int, Sendable, CaseIterable, CustomStringConvertible {
    case pending = 0
    /// The intent is on the disk; the destination may already have it.
    case sending = 1
    /// Nobody knows whether the destination took it: stops its lane, never blindly repeated.
    case inDoubt = 2
    /// Waits for a person: stops its lane.
    case held = 3
    case delivered = 4
    /// The dead letter: refused for good or older than the lifetime; its lane goes on.
    case dead = 5
    case discarded = 6

    public var description: String {
        switch self {
        case .pending: "pending"
        case .sending: "sending"
        case .inDoubt: "in_doubt"
        case .held: "held"
        case .delivered: "delivered"
        case .dead: "dead"
        case .discarded: "discarded"
        }
    }

    public init?(_ description: String) {
        guard let state = Self.allCases.first(where: { $0.description == description }) else {
            return nil
        }
        self = state
    }

    /// Whether the entry still stands in its lane.
    public var isOpen: Bool { rawValue < Self.delivered.rawValue }
}
