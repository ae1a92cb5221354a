import Outbox
import Synchronization

/// The kinds of call that the client's role does not allow, with what the API said.
final class Refusals: Sendable {
    private let reasons = Mutex<[CallKind: String]>([:])

    subscript(kind: CallKind) -> String? {
        get { reasons.withLock { $0[kind] } }
        set { reasons.withLock { $0[kind] = newValue } }
    }
}

extension CallKind {
    /// What the role of the OAuth client has to contain for calls of this kind in the background.
    var permissions: String? {
        switch self {
        case .create, .account: nil
        case .analytics: "analytics:conversationDetail:view"
        case .attributes: "conversation:participant:attributesview"
        case .conversation:
            "conversation:communication:view and conversation:communication:disconnect"
        case .tag: "conversation:externalTag:edit"
        }
    }
}
