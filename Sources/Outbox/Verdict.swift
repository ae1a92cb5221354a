/// What becomes of an entry after an attempt or a look.
public enum Verdict: Sendable, Equatable {
    /// `note` is what a person should know of it; with `lookAt` it is looked for once more.
    case delivered(reference: String?, note: String? = nil, lookAt: Timestamp? = nil)
    /// Due again at that time. `counts` is false where the wait costs no attempt: quota, an unreachable
    /// or misconfigured destination.
    case retry(at: Timestamp, counts: Bool, reason: String)
    /// Due again at once, by a conversation of its own: the one it was to join has ended.
    case startOver(reason: String)
    /// Due again at once, marked: it may already be there.
    case resend(reason: String)
    /// Looked for at that time; `counts` is false for a look that could not be made.
    case inDoubt(reason: String, lookAt: Timestamp, counts: Bool = true)
    case held(reason: String)
    case dead(reason: String)

    public var state: EntryState {
        switch self {
        case .delivered: .delivered
        case .retry, .startOver, .resend: .pending
        case .inDoubt: .inDoubt
        case .held: .held
        case .dead: .dead
        }
    }

    /// When the entry is looked for next.
    public var lookAt: Timestamp? {
        switch self {
        case .delivered(_, _, let lookAt): lookAt
        case .inDoubt(_, let lookAt, _): lookAt
        case .retry, .startOver, .resend, .held, .dead: nil
        }
    }
}
