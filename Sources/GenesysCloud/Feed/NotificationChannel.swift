import ExactJSON
import Outbox

/// A channel of the notification service, on which topics are told.
struct NotificationChannel: Sendable, Equatable {
    private static let path = "/api/v2/notifications/channels"
    /// `Channel.expires` of a new one, where it is not told.
    private static let lifetime = Duration.seconds(24 * 3600)

    var id: String
    var uri: String
    /// From one subscription of topics to the end, as Genesys tells.
    var lifetime: Duration

    static func create(
        by client: GenesysClient, at now: Timestamp
    ) async throws(FeedError) -> NotificationChannel {
        let answer = try await call(client, "POST", path)
        guard let body = answer.body, let id = body["id"]?.string, id.isPlainID,
            let uri = body["connectUri"]?.string
        else { throw FeedError("creating a channel was answered without one") }
        // Told by Genesys' clock; ours may be wrong by any time.
        let told = body.time("expires").map { $0 - now } ?? lifetime
        return NotificationChannel(
            id: id, uri: uri, lifetime: (.seconds(120)...lifetime).contains(told) ? told : lifetime)
    }

    /// Has it tell of these topics and no others, which makes it live anew.
    func subscribe(
        to topics: QueueTopics, by client: GenesysClient
    ) async throws(FeedError) -> JSON? {
        // Without it one queue that is not allowed would refuse them all.
        let path = "\(Self.path)/\(id)/subscriptions?ignoreErrors=true"
        return try await Self.call(client, "PUT", path, topics.body).body
    }

    private static func call(
        _ client: GenesysClient, _ method: String, _ path: String, _ body: JSON? = nil
    ) async throws(FeedError) -> Answer {
        do {
            let answer = try await client.call(.channel, method, path, body)
            guard (200..<300).contains(answer.status) else {
                throw FeedError(answer.complaint, isRefusal: answer.status == 403)
            }
            return answer
        } catch let error as CallError {
            switch error {
            case .forbidden, .spent: throw FeedError(error.reason, isRefusal: true)
            default: throw FeedError(error.reason)
            }
        } catch let error as FeedError {
            throw error
        } catch {
            throw FeedError("\(error)")
        }
    }
}
