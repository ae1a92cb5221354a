import ExactJSON
import Outbox

/// The queues whose conversations a channel is to tell of, and those it does.
///
/// A conversation that is transferred leaves its queue's topic, so that every queue one is seen in has to be
/// among them.
struct QueueTopics: Sendable {
    /// Topics of one channel.
    static let most = 1000
    private static let prefix = "v2.routing.queues."
    private static let suffix = ".conversations.emails"

    /// In small letters, in the order in which they were first seen.
    private(set) var wanted: [String] = []
    private(set) var rejections: [FeedStatus.Rejection] = []
    /// Those that were asked for the last time.
    private var asked: Set<String> = []

    /// - Parameter queues: those of the routes.
    init(_ queues: [String]) {
        for queue in queues { add(queue) }
    }

    /// - Returns: whether it is a new one.
    @discardableResult
    mutating func add(_ queue: String) -> Bool {
        let queue = queue.lowercased()
        guard queue.isPlainID, !wanted.contains(queue), wanted.count < Self.most else {
            return false
        }
        wanted.append(queue)
        return true
    }

    /// Whether there are queues that were not asked for yet.
    var isIncomplete: Bool { asked.count < wanted.count }

    /// Whether Genesys tells of none at all.
    var isRefused: Bool { !wanted.isEmpty && rejections.count >= wanted.count }

    /// The body of `PUT /api/v2/notifications/channels/{id}/subscriptions`.
    var body: JSON {
        .array(wanted.map { ["id": .string(Self.prefix + $0 + Self.suffix)] })
    }

    /// Takes in the answer to a body: every topic with its state.
    mutating func answer(_ json: JSON?, to queues: [String]) {
        asked = Set(queues)
        rejections = (json?["entities"]?.array ?? []).compactMap { topic in
            guard topic["state"]?.string?.lowercased() == "rejected",
                let queue = topic["id"]?.string.flatMap(Self.queue(of:))
            else { return nil }
            return FeedStatus.Rejection(
                queue: queue,
                reason: topic["rejectionReason"]?.string.map { String($0.prefix(200)) },
                missingPermissions: (topic["missingPermissions"]?.array ?? []).compactMap(\.string))
        }
    }

    static func isQueue(_ topic: String) -> Bool { queue(of: topic) != nil }

    private static func queue(of topic: String) -> String? {
        let topic = topic.lowercased()
        guard topic.hasPrefix(prefix), topic.hasSuffix(suffix),
            topic.utf8.count > prefix.utf8.count + suffix.utf8.count
        else { return nil }
        return String(topic.dropFirst(prefix.count).dropLast(suffix.count))
    }
}

extension String {
    /// Whether it may stand in a path as it is, as all ids of Genesys may.
    var isPlainID: Bool {
        !isEmpty && utf8.count <= 64
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
