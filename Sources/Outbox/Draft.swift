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
