/// A text that agents keep ready at Genesys, in a response library.
public struct QuickReply: Sendable, Equatable {
    public var id: String
    public var name: String
    public var library: String
    /// Plain text, with names in two braces to be filled in, such as `{{customer.name}}`.
    public var text: String
    /// What stands for a name for which nobody knows better.
    public var defaults: [String: String]

    public init(
        id: String, name: String, library: String, text: String, defaults: [String: String] = [:]
    ) {
        self.id = id
        self.name = name
        self.library = library
        self.text = text
        self.defaults = defaults
    }
}

/// The ready texts of a queue, with the rights of the agent's own login.
public protocol QuickReplies: Sendable {
    /// - Parameters:
    ///   - queue: whose libraries; all that the agent may see where the queue names none.
    ///   - text: what their names or texts contain; empty for all.
    /// - Returns: at most a hundred.
    /// - Throws: `notPermitted` where the agent's role does not allow it.
    func replies(
        in queue: Queue?, matching text: String, as agent: AgentAccess
    ) async throws(ParticipationError) -> [QuickReply]
}
