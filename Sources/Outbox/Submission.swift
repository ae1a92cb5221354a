/// A message that intake has authenticated, read and found right, on its way into the store.
public struct Submission: Sendable {
    public var shop: ShopName
    public var thread: ThreadKey
    public var message: Message
    /// Where it is delivered to; `nil` joins the transcript only.
    public var route: Route?
    /// Without a key, every post is a message of its own.
    public var key: IdempotencyKey?
    /// SHA-256 of the body as it was received: tells a repeat from a key used twice.
    public var digest: [UInt8]

    public init(
        shop: ShopName, thread: ThreadKey, message: Message, route: Route?, key: IdempotencyKey?,
        digest: [UInt8]
    ) {
        self.shop = shop
        self.thread = thread
        self.message = message
        self.route = route
        self.key = key
        self.digest = digest
    }
}

/// How a submission ended, once it is on the disk.
public enum Acceptance: Sendable, Equatable {
    case accepted(MessageID)
    /// The same key and the same body came before, as this message.
    case duplicate(of: MessageID, thread: ThreadKey)
}
