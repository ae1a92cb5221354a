public typealias FileID = Identifier<KeptFile>

/// A file that an agent sends to a customer; its bytes stay in the store, in parts.
public struct KeptFile: Sendable, Equatable {
    public var id: FileID
    public var thread: ThreadName
    /// The id of the agent who uploaded it.
    public var agent: String
    public var name: String
    public var contentType: String
    /// In bytes.
    public var size: Int
    /// The message it was sent with; `nil` before.
    public var message: MessageID?

    public init(
        id: FileID, thread: ThreadName, agent: String, name: String, contentType: String,
        size: Int, message: MessageID? = nil
    ) {
        self.id = id
        self.thread = thread
        self.agent = agent
        self.name = name
        self.contentType = contentType
        self.size = size
        self.message = message
    }
}
