import Foundation
import HTTPTypes

extension Operation {
    private static let channels = "/api/v2/notifications/channels"
    private static let subscriptions = "\(channels)/{}/subscriptions"

    /// The notification service.
    static let notifications = [
        Operation(.post, channels) { organization, admitted throws(APIError) in
            let channel = NotificationChannel(
                owner: admitted.token.owner, lifetime: organization.settings.channelLifetime,
                at: organization.options.now())
            organization.channels.append(channel)
            return .json(Channel(channel, origin: organization.feedOrigin))
        },
        Operation(.get, channels) { organization, admitted throws(APIError) in
            let own = organization.channels.all.filter { $0.owner == admitted.token.owner }
            return .json(
                Listing(entities: own.map { Channel($0, origin: organization.feedOrigin) }))
        },
        Operation(.head, "\(channels)/{}") { organization, admitted throws(APIError) in
            _ = try organization.channelIndex(admitted)
            return .done
        },
        Operation(.get, subscriptions) { organization, admitted throws(APIError) in
            let index = try organization.channelIndex(admitted)
            let topics = organization.channels[index].topics
            return .json(Listing(entities: topics.map { ChannelTopic(id: $0.id) }))
        },
        Operation(.put, subscriptions) { organization, admitted throws(APIError) in
            .json(try organization.subscribe(admitted, replacing: true))
        },
        Operation(.post, subscriptions) { organization, admitted throws(APIError) in
            .json(try organization.subscribe(admitted, replacing: false))
        },
        Operation(.delete, subscriptions) { organization, admitted throws(APIError) in
            let index = try organization.channelIndex(admitted)
            organization.channels[index].topics = []
            return .done
        },
    ]
}

extension Organization {
    /// Topics of one channel.
    private static let maximumTopics = 1000

    /// Where the channel is that the path names, if it is the caller's.
    fileprivate func channelIndex(_ admitted: AdmittedCall) throws(APIError) -> Int {
        guard let index = channels.index(admitted.parameters[0]),
            channels[index].owner == admitted.token.owner
        else { throw .notFound }
        channels[index].lastUsed = options.now()
        return index
    }

    /// Has a channel tell of the topics, in place of its others or beside them; only in their place makes
    /// it live longer.
    fileprivate func subscribe(
        _ admitted: AdmittedCall, replacing: Bool
    ) throws(APIError) -> Listing<ChannelTopic> {
        let index = try channelIndex(admitted)
        let asked = try admitted.call.body(as: [TopicRequest].self).map(\.id)
        var answer: [ChannelTopic] = []
        var topics = replacing ? [] : channels[index].topics
        for id in asked {
            guard let topic = QueueTopic(id: id) else { throw .invalidTopic }
            guard settings.queues.contains(where: { $0.id == topic.queue }) else {
                guard admitted.call.query("ignoreErrors") == "true" else { throw .notAuthorized }
                answer.append(ChannelTopic(id: id, rejected: "there is no such queue"))
                continue
            }
            answer.append(ChannelTopic(id: topic.id))
            if !topics.contains(topic) {
                topics.append(topic)
            }
        }
        guard max(asked.count, topics.count) <= Self.maximumTopics else {
            throw .tooManySubscriptions
        }
        channels[index].topics = topics
        if replacing {
            channels[index].extend(by: settings.channelLifetime, at: options.now())
        }
        return Listing(entities: answer)
    }
}

extension Token {
    /// Whose channels a caller has.
    fileprivate var owner: String {
        "\(client)/\(agent ?? "")"
    }
}

extension APIError {
    static let invalidTopic = badRequest(
        "The subscription topic is not valid.", code: "notification.invalid.topic")
    static let tooManySubscriptions = badRequest(
        "Too many subscriptions", code: "notification.subscription.too.many.subscriptions")
}

private struct Listing<Entity: Encodable>: Encodable {
    let entities: [Entity]
}

private struct Channel: Encodable {
    let id: String
    let connectUri: String
    let expires: String

    init(_ channel: NotificationChannel, origin: String) {
        id = channel.id
        connectUri = "\(origin)/channels/\(channel.id)"
        expires = channel.expires.apiText
    }
}

private struct ChannelTopic: Encodable {
    let id: String
    let state: String
    let rejectionReason: String?
    let selfUri: String

    init(id: String, rejected reason: String? = nil) {
        self.id = id
        state = reason == nil ? "Permitted" : "Rejected"
        rejectionReason = reason
        selfUri = "/api/v2/notifications/availabletopics/\(id)"
    }
}

/// A `ChannelTopic` as it is sent: only its id counts.
private struct TopicRequest: Decodable {
    let id: String

    private enum CodingKeys: String, CodingKey {
        case id, state, rejectionReason, missingPermissions, selfUri
    }

    init(from decoder: any Decoder) throws {
        id = try decoder.closedObject(CodingKeys.self).decode(String.self, forKey: .id)
    }
}
