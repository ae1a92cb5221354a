/// The topic that tells each change of the emails in one queue, `v2.routing.queues.{id}.conversations.emails`.
///
/// No other topic of the platform is known here, for the sandbox would never tell anything on it.
struct QueueTopic: Hashable, Sendable {
    private static let prefix = "v2.routing.queues."
    private static let suffix = ".conversations.emails"

    let queue: String

    init(queue: String) {
        self.queue = queue
    }

    /// Names are the same in any case; `nil` if it is another topic, or none.
    init?(id: String) {
        let id = id.lowercased()
        guard id.hasPrefix(Self.prefix), id.hasSuffix(Self.suffix) else { return nil }
        let queue = id.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)
        guard !queue.isEmpty, !queue.contains(".") else { return nil }
        self.init(queue: String(queue))
    }

    var id: String {
        Self.prefix + queue + Self.suffix
    }
}
