import Outbox

/// Somebody at a thread, and what Genesys says they are to it.
struct ThreadVisit: Sendable {
    let call: Call
    let session: Session
    let thread: ThreadName
    let subject: Access.Subject
    let part: AgentPart
    let share: Share
    let way: Way

    var agent: Agent { session.agent }

    /// The conversation it is about; `nil` for a thread without one.
    var conversation: String? {
        guard case .conversation(let id) = subject else { return nil }
        return id
    }

    /// What stood in the path behind the thread.
    var parameters: [String] { Array(call.parameters.dropFirst(way.parameters)) }

    /// The thread's own address, to which those of its parts are added.
    var address: String {
        switch way {
        case .conversation: "/widget/api/conversations/\(call.parameters[0].percentEncoded)"
        case .thread:
            "/widget/api/threads/\(call.parameters[0].percentEncoded)/"
                + call.parameters[1].percentEncoded
        }
    }
}

/// How somebody comes to a thread.
enum Way: Sendable, CaseIterable {
    case conversation
    case thread

    var pattern: String {
        switch self {
        case .conversation: "widget/api/conversations/{id}"
        case .thread: "widget/api/threads/{shop}/{key}"
        }
    }

    fileprivate var parameters: Int { self == .conversation ? 1 : 2 }
}
