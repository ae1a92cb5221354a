/// What an agent does about a thread: answers it, leaves a note, or says why it needs no answer.
///
/// The words are checked here, whoever they come from.
public struct Desk: Sendable {
    private let store: any ThreadStore

    public init(store: any ThreadStore) {
        self.store = store
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
        guard message.body.unicodeScalars.count <= 65_536 else {
            throw FieldError(field: "body", problem: "is longer than 65536 characters")
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
