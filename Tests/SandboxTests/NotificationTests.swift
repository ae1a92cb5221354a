import Foundation
import Sandbox
import Testing

@Suite("Notification channels", .timeLimit(.minutes(15)))
struct NotificationTests {
    private func states(_ answer: ReceivedAnswer) -> [String] {
        let entities = answer.json["entities"] as? [[String: Any]] ?? []
        return entities.compactMap { $0["state"] as? String }
    }

    private func ids(_ answer: ReceivedAnswer) -> [String] {
        let entities = answer.json["entities"] as? [[String: Any]] ?? []
        return entities.compactMap { $0["id"] as? String }
    }

    @Test func areListedToTheirOwnerAlone() async throws {
        let clock = ManualClock()
        try await Desk.with(.at(clock)) { desk in
            let created = try await desk.sandbox.call("POST", Desk.channels, token: desk.client)
            #expect(created.status == 200)
            #expect(created.json["expires"] as? String == "2027-01-16T08:00:00.000Z")
            let id = try #require(created.json["id"] as? String)
            #expect(
                created.json["connectUri"] as? String
                    == "ws://127.0.0.1:\(desk.sandbox.notificationsPort)/channels/\(id)")
            for (token, expected, status) in [(desk.client, [id], 200), (desk.sam, [], 404)] {
                let list = try await desk.sandbox.call("GET", Desk.channels, token: token)
                #expect(ids(list) == expected)
                let path = "\(Desk.channels)/\(id)"
                let head = try await desk.sandbox.call("HEAD", path, token: token)
                #expect(head.status == status)
                let topics = try await desk.sandbox.call(
                    "GET", "\(path)/subscriptions", token: token)
                #expect(topics.status == status)
            }
        }
    }

    @Test func topicsAreReplacedAddedAndDropped() async throws {
        try await Desk.with { desk in
            let channel = try await desk.channel(Desk.topic)
            let added = try await desk.subscribe(
                channel.id, [Desk.billingTopic.uppercased()], method: "POST")
            #expect(states(added) == ["Permitted"])
            let path = "\(Desk.channels)/\(channel.id)/subscriptions"
            let both = try await desk.sandbox.call("GET", path, token: desk.client)
            #expect(ids(both) == [Desk.topic, Desk.billingTopic])
            _ = try await desk.subscribe(channel.id, [Desk.billingTopic])
            let one = try await desk.sandbox.call("GET", path, token: desk.client)
            #expect(ids(one) == [Desk.billingTopic])
            let dropped = try await desk.sandbox.call("DELETE", path, token: desk.client)
            #expect(dropped.status == 200)
            let none = try await desk.sandbox.call("GET", path, token: desk.client)
            #expect(none.status == 200 && ids(none) == [])
        }
    }

    @Test(arguments: ["PUT", "POST"])
    func aTopicOfAQueueThatIsNotThereIsRejected(method: String) async throws {
        try await Desk.with { desk in
            let channel = try await desk.channel(Desk.topic)
            let topics = [Desk.billingTopic, "v2.routing.queues.none.conversations.emails"]
            let refused = try await desk.subscribe(channel.id, topics, method: method)
            #expect(refused.status == 403)
            let path = "\(Desk.channels)/\(channel.id)/subscriptions"
            let kept = try await desk.sandbox.call("GET", path, token: desk.client)
            #expect(ids(kept) == [Desk.topic])
            let rejected = try await desk.subscribe(
                channel.id, topics, method: method, query: "?ignoreErrors=true")
            #expect(states(rejected) == ["Permitted", "Rejected"])
        }
    }

    @Test(arguments: ["v2.routing.queues..conversations.emails", "v2.users.me.calls", ""])
    func aTopicThatIsNoneIsRefused(topic: String) async throws {
        try await Desk.with { desk in
            let channel = try await desk.channel(Desk.topic)
            let answer = try await desk.subscribe(
                channel.id, [topic], query: "?ignoreErrors=true")
            #expect(answer.status == 400)
            #expect(answer.code == "notification.invalid.topic")
        }
    }

    @Test func aThousandTopicsAreTheMost() async throws {
        try await Desk.with { desk in
            let channel = try await desk.channel(Desk.topic)
            for (count, status) in [(1000, 200), (1001, 400)] {
                let answer = try await desk.subscribe(
                    channel.id, Array(repeating: Desk.topic, count: count))
                #expect(answer.status == status)
                #expect(
                    answer.code
                        == (status == 200
                            ? nil : "notification.subscription.too.many.subscriptions"))
            }
        }
    }

    @Test func theTwentyFirstDropsTheLongestUnusedThatNobodyIsOn() async throws {
        let clock = ManualClock()
        try await Desk.with(.at(clock)) { desk in
            var channels: [(id: String, uri: String)] = []
            for _ in 1...20 {
                clock.move(by: 1)
                channels.append(try await desk.channel(Desk.topic))
            }
            let feed = try await FeedClient(channels[0].uri)
            clock.move(by: 1)
            channels.append(try await desk.channel(Desk.topic))
            let list = try await desk.sandbox.call("GET", Desk.channels, token: desk.client)
            #expect(ids(list) == ([channels[0]] + channels[2...]).map(\.id))
            try await desk.touch()
            #expect(try await feed.nextEvent().topic == Desk.topic)
            let other = try await desk.sandbox.call("POST", Desk.channels, token: desk.sam)
            #expect(other.status == 200)
            let same = try await desk.sandbox.call("GET", Desk.channels, token: desk.client)
            #expect(ids(same).count == 20)
        }
    }
}
