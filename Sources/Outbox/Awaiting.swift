/// Whose turn it is in a thread, which is another thing than the delivery of its entries.
public enum Awaiting: Int, Sendable, CaseIterable, CustomStringConvertible {
    case none = 0
    /// The customer wrote last and has no answer yet.
    case agent = 1
    case customer = 2

    public var description: String {
        switch self {
        case .none: "none"
        case .agent: "agent"
        case .customer: "customer"
        }
    }

    /// Whose turn it is after a message of this direction; `nil` leaves it as it is.
    public static func after(_ direction: Message.Direction) -> Awaiting? {
        switch direction {
        case .customer: .agent
        case .staff: .customer
        case .system, .note: nil
        }
    }
}
