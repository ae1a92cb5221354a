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

extension KeptFile {
    /// How large a part may be, in bytes.
    public static let partSize = 256 * 1024

    /// How many files an agent may have in a thread that are not sent.
    public static let mostUnsent = 20

    /// How old a file that no draft names has to be to give way to the agent's next: older than one that is still
    /// coming, or whose draft is about to be saved.
    public static let abandonedAfter = Duration.seconds(600)

    /// - Parameter unsent: what the agent has there already.
    /// - Throws: `notAllowed` where there is no room for one more.
    public static func check(
        size: Int, unsent: (count: Int, bytes: Int), room: Int
    ) throws(StoreError) {
        guard unsent.count < mostUnsent else {
            throw .notAllowed("\(mostUnsent) files wait to be sent: send or remove some first")
        }
        guard unsent.bytes <= room - size else {
            throw .notAllowed(
                "the files that wait to be sent have no more than \(room) bytes together")
        }
    }

    /// - Throws: `notAllowed` for what could not be read again out of a message that bears it.
    public static func check(name: String, contentType: String, size: Int) throws(StoreError) {
        for (text, what) in [(name, "name"), (contentType, "type")] {
            guard (1...255).contains(text.unicodeScalars.count), !text.hasControls() else {
                throw .notAllowed("a file's \(what) has to be 1 to 255 characters, none of control")
            }
        }
        guard size >= 0 else { throw .notAllowed("a file's size is not below zero") }
    }

    /// As a message bears it.
    public var attachment: Attachment {
        Attachment(name: name, contentType: contentType, size: String(size), file: id)
    }
}
