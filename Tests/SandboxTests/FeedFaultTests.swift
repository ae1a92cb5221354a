import Foundation
import Sandbox
import Testing

@Suite("Faults of the feed", .timeLimit(.minutes(15)))
struct FeedFaultTests {
    @Test func aCutEndsEverySocketAndKeepsTheChannel() async throws {
        try await Desk.with { desk in
            let channel = try await desk.channel(Desk.topic)
            let feed = try await FeedClient(channel.uri)
            let cut = try await desk.sandbox.call(
                "POST", "/sandbox/feed", body: #"{"cut": true}"#)
            #expect(cut.status == 200)
            #expect(try await feed.next() == .end)
            try await desk.sandbox.feedConnections(0)
            let again = try await FeedClient(channel.uri)
            try await desk.touch()
            #expect(try await again.nextEvent().topic == Desk.topic)
        }
    }

    @Test func aSilentFeedSaysNothingUntilItSpeaksAgain() async throws {
        let clock = ManualClock()
        try await Desk.with(.at(clock)) { desk in
            let channel = try await desk.channel(Desk.topic)
            let feed = try await FeedClient(channel.uri)
            _ = try await desk.sandbox.call(
                "POST", "/sandbox/feed", body: #"{"silent": true}"#)
            try await desk.touch()
            clock.move(by: 30)
            _ = try await desk.sandbox.call(
                "GET", "/api/v2/organizations/me", token: desk.client)
            feed.send(opcode: 1, #"{"message": "ping"}"#)
            feed.send(opcode: 9, "lost")
            let second = try await FeedClient(try await desk.channel(Desk.topic).uri)
            try await desk.touch()
            await desk.sandbox.setFeed(.init())
            _ = try await desk.offer()
            #expect(try await second.nextEvent().sides.count == 3)
            // Its ping may be heard only now that it speaks again, but the rest is lost.
            var frame = try await feed.next()
            while case .pong = frame { frame = try await feed.next() }
            if frame == .text(pong) { frame = try await feed.next() }
            guard case .text(let text) = frame else {
                Issue.record("\(frame)")
                return
            }
            #expect(text.contains("alerting"))
        }
    }

    private let pong = #"{"topicName":"channel.metadata","eventBody":{"message":"pong"}}"#

    @Test func dropsSoManyEventsThatSomeoneListensTo() async throws {
        try await Desk.with { desk in
            await desk.sandbox.setFeed(.init(drop: 2))
            try await desk.touch()
            let feed = try await FeedClient(try await desk.channel(Desk.topic).uri)
            try await desk.touch()
            try await desk.touch()
            _ = try await desk.offer()
            #expect(try await feed.nextEvent().sides.count == 3)
            #expect(await desk.sandbox.feedFaults().drop == 0)
            let state = try await desk.sandbox.call("GET", "/sandbox/feed")
            #expect(
                state.json as NSDictionary == [
                    "channels": 1, "connections": 1, "silent": false, "drop": 0,
                ])
        }
    }

    @Test(arguments: [#"{"drop": -1}"#, #"{"quiet": true}"#, #"{"silent": 1}"#])
    func whatItDoesNotKnowIsRefused(body: String) async throws {
        try await withSandbox { sandbox in
            let answer = try await sandbox.call("POST", "/sandbox/feed", body: body)
            #expect(answer.status == 400)
        }
    }

    @Test func forgettingClosesEverySocket() async throws {
        try await Desk.with { desk in
            let channel = try await desk.channel(Desk.topic)
            let feed = try await FeedClient(channel.uri)
            await desk.sandbox.setFeed(.init(drop: 9))
            try await desk.sandbox.forget()
            #expect(try await feed.next() == .end)
            #expect(try await FeedClient.status(channel.uri) == "HTTP/1.1 404 Not Found")
            #expect(await desk.sandbox.feedFaults() == .init())
        }
    }

    @Test func stoppingClosesEverySocket() async throws {
        let sandbox = try await Sandbox.start()
        let token = try await sandbox.token()
        let created = try await sandbox.call("POST", Desk.channels, token: token)
        let feed = try await FeedClient(try #require(created.json["connectUri"] as? String))
        let idle = try RawConnection(port: sandbox.notificationsPort)
        await sandbox.stop()
        #expect(try await feed.next() == .end)
        #expect(await idle.readToEnd().end == .closed)
        #expect(throws: RawConnection.Refused(errno: ECONNREFUSED)) {
            try RawConnection(port: sandbox.notificationsPort)
        }
    }
}
