/// What a call to a destination is for: what it is counted under, and fails alone.
public enum CallKind: String, Sendable, CaseIterable, CustomStringConvertible {
    /// Creates a conversation.
    case create
    /// Asks who we are and what there is.
    case account
    /// Looks for a conversation by analytics.
    case analytics
    /// Looks for a conversation by the search over attributes.
    case attributes
    /// Reads or ends one conversation.
    case conversation
    /// Names a conversation afterwards.
    case tag

    public var description: String { rawValue }

    /// Whether it may wait for what nobody else wants, and stop for the rest of a month.
    public var isBackground: Bool { self != .create && self != .account }
}
