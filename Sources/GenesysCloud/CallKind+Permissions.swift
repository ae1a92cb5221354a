import Outbox

extension CallKind {
    /// What the role of the OAuth client has to contain for calls of this kind in the background.
    var permissions: String? {
        switch self {
        case .create, .join, .account, .agent, .channel: nil
        case .analytics, .follow: "analytics:conversationDetail:view"
        case .attributes: "conversation:participant:attributesview"
        case .conversation:
            "conversation:communication:view and conversation:communication:disconnect"
        case .tag: "conversation:externalTag:edit"
        }
    }
}
