import ExactJSON
import Outbox

/// Names new conversations by their entries, so that a person finds them by their tag.
///
/// A courtesy: it uses only calls that nobody else wants, never waits for an answer in a delivery's
/// way, and forgets the oldest where there are too many.
struct Tagging: Sendable {
    private let waiting: AsyncStream<(conversation: String, tag: String)>
    private let queue: AsyncStream<(conversation: String, tag: String)>.Continuation

    init() {
        (waiting, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
    }

    func add(_ entry: EntryID, to conversation: String) {
        queue.yield((conversation, "\(entry)"))
    }

    /// Tags one after the other until the task is cancelled.
    ///
    /// One that fails is not tried again; where the role does not allow it, all that wait fail alike.
    func run(_ client: GenesysClient) async {
        for await (conversation, tag) in waiting {
            _ = try? await client.call(
                .tag, "PUT", "/api/v2/conversations/\(conversation)/tags",
                ["externalTag": .string(tag)])
        }
    }
}
