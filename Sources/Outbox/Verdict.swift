/// What becomes of an entry after an attempt.
public enum Verdict: Sendable, Equatable {
    case delivered(reference: String?)
    /// Due again at that time. `counts` is false where the wait costs no attempt: quota, an unreachable
    /// or misconfigured destination.
    case retry(at: Timestamp, counts: Bool, reason: String)
    case inDoubt(reason: String)
    case held(reason: String)
    case dead(reason: String)

    public var state: EntryState {
        switch self {
        case .delivered: .delivered
        case .retry: .pending
        case .inDoubt: .inDoubt
        case .held: .held
        case .dead: .dead
        }
    }
}
