/// What a call to a destination is for: what it is counted under, and fails alone.
public enum CallKind: String, Sendable, CaseIterable, CustomStringConvertible {
    /// Creates a conversation.
    case create
    /// Adds messages to a live conversation.
    case join
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
    /// Sees to the channel on which Genesys tells of conversations.
    case channel
    /// Asks how many conversations stand at once, by analytics.
    case follow
    /// Reads or changes a conversation with an agent's own token, which has a limit of its own.
    case agent

    public var description: String { rawValue }

    public var precedence: Precedence {
        switch self {
        case .create, .join, .account, .agent: .message
        case .analytics, .attributes, .conversation, .channel, .follow: .look
        case .tag: .courtesy
        }
    }

    /// Whether it may wait, and stop for the rest of a month.
    public var isBackground: Bool { precedence != .message }
}

/// Who goes first where not all calls may be made.
public enum Precedence: Sendable {
    case message
    /// Has a small share of its own, and what nobody else wants.
    case look
    /// Has only what nobody else wants.
    case courtesy
}
