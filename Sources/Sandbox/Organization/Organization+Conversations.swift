import Foundation

/// What calls do to conversations.
extension Organization {
    /// Keeps what a create has asked for.
    func create(_ request: CreateEmailRequest) -> ConversationRecord {
        let record = ConversationRecord(request, at: options.now(), settings: settings)
        conversations.append(record)
        return record
    }

    func conversation(_ id: String) throws(APIError) -> ConversationRecord {
        guard let record = conversations[id] else { throw .noConversation }
        return record
    }

    /// Changes a conversation, unless the change throws.
    @discardableResult
    func change(
        _ id: String, _ change: (inout ConversationRecord) throws(APIError) -> Void
    ) throws(APIError) -> ConversationRecord {
        guard let record = try conversations.update(id, change) else { throw .noConversation }
        return record
    }

    /// Puts an agent on a conversation, or the agent who is there into another state.
    func setAgent(
        _ state: Sandbox.Conversation.AgentState, on id: String
    ) throws(Sandbox.UnknownConversation) {
        let now = options.now()
        guard conversations.update(id, { $0.setAgent(state, at: now) }) != nil else {
            throw Sandbox.UnknownConversation(id: id)
        }
    }
}

extension APIError {
    static let noConversation = APIError(
        status: 404, code: "conversation.error.conversation.not.found",
        message: "The conversation does not exist.")
}

extension Sandbox {
    /// There is no conversation of that id.
    public struct UnknownConversation: Error, Equatable {
        public let id: String

        public init(id: String) {
            self.id = id
        }
    }
}
