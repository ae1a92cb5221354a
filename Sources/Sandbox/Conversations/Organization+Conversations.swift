import Foundation

/// What calls do to conversations.
extension Organization {
    /// Keeps what a create has asked for.
    func create(_ request: CreateEmailRequest) -> ConversationRecord {
        let record = ConversationRecord(request, at: options.now(), settings: settings)
        conversations.append(record)
        publish(record)
        return record
    }

    /// The same of mail that an agent starts, who has it at once.
    func create(_ request: CreateEmailRequest, by agent: Sandbox.Agent) -> ConversationRecord {
        let record = ConversationRecord(
            request, by: agent, at: options.now(), settings: settings)
        conversations.append(record)
        publish(record)
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
        guard let record = try update(id, change) else { throw .noConversation }
        return record
    }

    /// The same; `nil` if there is none of that id.
    func update<Failure: Error>(
        _ id: String, _ change: (inout ConversationRecord) throws(Failure) -> Void
    ) throws(Failure) -> ConversationRecord? {
        let before = conversations[id]?.queue
        guard let record = try conversations.update(id, change) else { return nil }
        publish(record, leaving: before)
        return record
    }

    /// Ends those that have waited for an agent for ``Sandbox/Settings/endsAfterSeconds``.
    func endOverdue() {
        guard let seconds = settings.endsAfterSeconds else { return }
        let now = options.now()
        let limit = now.addingTimeInterval(-seconds)
        let overdue = conversations.all.filter { $0.waitingSince.map { $0 <= limit } ?? false }
        for record in overdue {
            _ = update(record.id.text) { $0.end(.system, at: now) }
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
