/// What an agent does about a thread: answers it, leaves a note, or says why it needs no answer.
///
/// The words are checked here, whoever they come from.
public struct Desk: Sendable {
    private let store: any ThreadStore
    private let participation: (any Participation)?
    private let environment: Environment

    /// - Parameter participation: `nil` where agents have no login here, and so finish at Genesys alone.
    public init(
        store: any ThreadStore, participation: (any Participation)? = nil,
        environment: Environment = .live
    ) {
        self.store = store
        self.participation = participation
        self.environment = environment
    }

    /// Puts an answer on its way to the customer, or a note beside the messages.
    ///
    /// The same client's key sent again is the same message.
    /// - Throws: a `FieldError` for words that cannot be taken, else as `ThreadStore.write`.
    public func write(_ message: AgentMessage) async throws -> Acceptance {
        var message = message
        message.body = message.body.withoutControls
        guard message.body.contains(where: { !$0.isWhitespace }) else {
            throw FieldError(field: "body", problem: "must not be empty")
        }
        guard message.body.unicodeScalars.count <= AgentMessage.maxBody else {
            throw FieldError(
                field: "body", problem: "is longer than \(AgentMessage.maxBody) characters")
        }
        guard message.attachments.count <= AgentMessage.maxAttachments else {
            throw FieldError(
                field: "attachments",
                problem: "has more than \(AgentMessage.maxAttachments) elements")
        }
        message.agent.name = message.agent.name?.asOneLine
        let names: [(String, String?)] = [
            ("key", message.key.description), ("agent.id", message.agent.id),
            ("agent.name", message.agent.name), ("conversation", message.conversation),
        ]
        for (field, name) in names {
            guard let name else { continue }
            guard (1...200).contains(name.unicodeScalars.count), !name.hasControls() else {
                throw FieldError(
                    field: field, problem: "has to be 1 to 200 characters, none of control")
            }
        }
        return try await store.write(message)
    }

    /// Ends the agent's part in a conversation, with their own rights, and records it.
    ///
    /// May be repeated where it failed: an answer that was written before stays written.
    /// - Throws: a `ParticipationError`, else as `ThreadStore.audit`.
    public func finish(
        _ conversation: String, as agent: AgentAccess, wrapUp: WrapUp?
    ) async throws {
        guard let participation else {
            throw ParticipationError.unavailable("agents are not logged in here")
        }
        let thread = try await store.thread(of: conversation)
        try await participation.finish(conversation, as: agent, wrapUp: wrapUp)
        try await store.audit(finished(by: agent, wrapUp), in: thread)
    }

    /// Records that an agent's part has ended, where that was not recorded as it ended.
    /// - Parameter began: when the conversation did.
    public func noteFinished(
        _ conversation: String, by agent: AgentAccess, wrapUp: WrapUp?, since began: Timestamp
    ) async throws {
        let thread = try await store.thread(of: conversation)
        let isNoted = try await store.audits(of: thread).contains {
            $0.action == .finished && $0.actor == agent.agent.id && $0.at >= began
        }
        if !isNoted { try await store.audit(finished(by: agent, wrapUp), in: thread) }
    }

    private func finished(by agent: AgentAccess, _ wrapUp: WrapUp?) -> AuditRecord {
        AuditRecord(
            at: environment.now(), action: .finished, actor: agent.agent.id, detail: wrapUp?.code)
    }

    /// - Throws: a `FieldError` without a reason, else as `ThreadStore.dismiss`.
    public func dismiss(
        _ thread: ThreadName, because reason: String, seen: MessageID?, by actor: String
    ) async throws {
        let reason = reason.asOneLine
        guard reason.contains(where: { !$0.isWhitespace }), reason.unicodeScalars.count <= 500
        else {
            throw FieldError(field: "reason", problem: "has to be 1 to 500 characters")
        }
        try await store.dismiss(thread, because: reason, seen: seen, by: actor)
    }
}
