import Foundation
import Sandbox
import Testing

@Suite("Feed", .timeLimit(.minutes(15)))
struct FeedTests {
    @Test func tellsEachChangeInOrder() async throws {
        try await Desk.with { desk in
            let feed = try await FeedClient(try await desk.channel(Desk.topic).uri)
            let participant = try await desk.accepted()
            _ = try await desk.patch(participant, #"{"state": "disconnected"}"#)
            _ = try await desk.patch(participant, #"{"wrapup": {"code": "\#(resolved)"}}"#)
            let waiting = "customer connected"
            for sides in [
                [waiting, "acd connected", "agent alerting"],
                [waiting, "acd disconnected", "agent connected"],
                ["customer disconnected", "acd disconnected", "agent disconnected"],
                ["customer disconnected", "acd disconnected", "agent disconnected"],
            ] {
                let event = try await feed.nextEvent()
                #expect(event.topic == Desk.topic)
                #expect(event.sides == sides)
            }
            _ = try await desk.sandbox.created(token: desk.client)
            #expect(try await feed.nextEvent().sides == [waiting, "acd connected"])
        }
    }

    @Test func aSnapshotHasTheShapeOfItsTopic() async throws {
        try await Desk.with { desk in
            let feed = try await FeedClient(try await desk.channel(Desk.topic).uri)
            let participant = try await desk.accepted()
            _ = try await desk.patch(
                participant, #"{"state": "disconnected", "wrapup": {"code": "\#(resolved)"}}"#)
            for _ in 1...2 { _ = try await feed.nextEvent() }
            let frame = try await feed.nextJSON()
            #expect(frame["version"] as? String == "2")
            let metadata = try #require(frame["metadata"] as? [String: String])
            #expect(metadata["CorrelationId"].flatMap(UUID.init) != nil)
            let body = try #require(frame["eventBody"] as? [String: Any])
            #expect(body["id"] as? String == desk.conversation.id)
            #expect(body["selfUri"] == nil)
            let sides = try #require(body["participants"] as? [[String: Any]])
            #expect(sides[0]["provider"] as? String == "Test Shop")
            #expect(sides[0]["attributes"] as? [String: String] == ["order.number": "1042"])
            #expect(sides[2]["user"] as? [String: String] == ["id": sam])
            #expect(sides[2]["queue"] as? [String: String] == ["id": demoQueue])
            #expect(sides[2]["disconnectType"] as? String == "client")
            #expect(sides[2]["initialState"] as? String == "alerting")
            #expect(sides[2]["endAcwTime"] != nil)
            let wrapup = try #require(sides[2]["wrapup"] as? [String: Any])
            #expect(wrapup["code"] as? String == resolved && wrapup["name"] == nil)
        }
    }

    @Test func whatIsTransferredIsToldOnceMoreAndThenOnlyToItsNewQueue() async throws {
        try await Desk.with { desk in
            let old = try await FeedClient(try await desk.channel(Desk.topic).uri)
            let new = try await FeedClient(try await desk.channel(Desk.billingTopic).uri)
            let participant = try await desk.accepted()
            _ = try await desk.call(
                "POST", participant, "replace", #"{"queueId": "\#(demoBilling)"}"#)
            for _ in 1...2 { _ = try await old.nextEvent() }
            let left = [
                "customer connected", "acd disconnected", "agent disconnected", "acd connected",
            ]
            #expect(try await old.nextEvent().sides == left)
            let arrived = try await new.nextEvent()
            #expect(arrived.topic == Desk.billingTopic && arrived.sides == left)
            try await desk.touch()
            #expect(try await new.nextEvent().sides == left)
            _ = try await desk.sandbox.created(token: desk.client)
            #expect(try await old.nextEvent().sides == ["customer connected", "acd connected"])
        }
    }

    @Test func nothingIsKeptWhileNobodyIsConnected() async throws {
        try await Desk.with { desk in
            let channel = try await desk.channel(Desk.topic)
            try await desk.touch()
            let feed = try await FeedClient(channel.uri)
            _ = try await desk.offer()
            #expect(try await feed.nextEvent().sides.count == 3)
        }
    }

    @Test func aSecondConnectionDropsTheFirst() async throws {
        try await Desk.with { desk in
            let channel = try await desk.channel(Desk.topic)
            let first = try await FeedClient(channel.uri)
            let second = try await FeedClient(channel.uri)
            #expect(try await first.next() == .close)
            #expect(try await first.next() == .end)
            try await desk.touch()
            #expect(try await second.nextEvent().topic == Desk.topic)
            try await desk.sandbox.feedConnections(1)
        }
    }

    @Test func pingsAreAnswered() async throws {
        try await Desk.with { desk in
            let feed = try await FeedClient(try await desk.channel(Desk.topic).uri)
            feed.send(opcode: 9, "are you there")
            #expect(try await feed.next() == .pong("are you there"))
            feed.send(opcode: 1, #"{"message": "ping"}"#)
            let pong = try await feed.nextJSON()
            #expect(pong["topicName"] as? String == "channel.metadata")
            #expect((pong["eventBody"] as? [String: String]) == ["message": "pong"])
            feed.send(opcode: 8, "")
            #expect(try await feed.next() == .close)
            #expect(try await feed.next() == .end)
            try await desk.sandbox.feedConnections(0)
        }
    }

    @Test func beatsAndWarnsBeforeItEnds() async throws {
        let clock = ManualClock()
        try await Desk.with(.at(clock)) { desk in
            await desk.sandbox.change { $0.channelLifetime = 100 }
            let channel = try await desk.channel(Desk.topic)
            let feed = try await FeedClient(channel.uri)
            clock.move(by: 30)
            #expect(try await feed.nextMessage() == "WebSocket Heartbeat")
            clock.move(by: 20)
            let closing = try await feed.nextJSON()
            #expect(closing["topicName"] as? String == "v2.system.socket_closing")
            #expect(try await desk.subscribe(channel.id, [Desk.topic]).status == 200)
            clock.move(by: 99)
            #expect(
                try await feed.nextJSON()["topicName"] as? String == "v2.system.socket_closing")
            #expect(try await feed.nextMessage() == "WebSocket Heartbeat")
            clock.move(by: 1)
            #expect(try await feed.next() == .close)
            #expect(try await feed.next() == .end)
            let head = try await desk.sandbox.call(
                "HEAD", "\(Desk.channels)/\(channel.id)", token: desk.client)
            #expect(head.status == 404)
            #expect(try await FeedClient.status(channel.uri) == "HTTP/1.1 404 Not Found")
        }
    }

    @Test func tellsWhatEndsByItself() async throws {
        let clock = ManualClock()
        try await Desk.with(.at(clock)) { desk in
            await desk.sandbox.change {
                $0.endsAfterSeconds = 20
                $0.heartbeatSeconds = 3600
            }
            let feed = try await FeedClient(try await desk.channel(Desk.topic).uri)
            clock.move(by: 20)
            #expect(
                try await feed.nextEvent().sides == ["customer disconnected", "acd disconnected"])
        }
    }
}
