/// What an agent has begun to write in a conversation.
public struct Draft: Sendable, Equatable {
    public var thread: ThreadName
    public var conversation: String
    public var agent: Agent
    public var kind: AgentMessage.Kind
    public var body: String
    /// Uploaded and not sent yet.
    public var files: [FileID]
    public var at: Timestamp

    public init(
        thread: ThreadName, conversation: String, agent: Agent, kind: AgentMessage.Kind,
        body: String, files: [FileID] = [], at: Timestamp
    ) {
        self.thread = thread
        self.conversation = conversation
        self.agent = agent
        self.kind = kind
        self.body = body
        self.files = files
        self.at = at
    }

    public var isEmpty: Bool { body.isEmpty && files.isEmpty }
}

extension Draft {
    /// With the words and files of another behind its own.
    /// - Throws: `noRoom` where no message could bear both, and so no draft be sent on.
    public func followed(by other: Draft) throws(StoreError) -> Draft {
        var both = self
        both.body = [body, other.body].filter { !$0.isEmpty }.joined(separator: "\n\n")
        both.files += other.files
        both.at = max(at, other.at)
        guard both.body.unicodeScalars.count <= AgentMessage.maxBody,
            both.files.count <= AgentMessage.maxAttachments
        else {
            throw .noRoom(
                "this and your draft together are more than one message can be: shorten or empty the "
                    + "draft first")
        }
        return both
    }
}
