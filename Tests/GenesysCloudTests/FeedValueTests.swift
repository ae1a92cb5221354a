import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import GenesysCloud

/// What the feed decides, without a clock or a socket.
struct FeedValueTests {
    @Test func pingsAfterASilenceAndGivesUpAfterAnother() {
        var liveness = Liveness(at: .seconds(5))
        func step(_ uptime: Int) -> Liveness.Step { liveness.step(at: .seconds(uptime)) }
        #expect(step(5) == .wait(until: .seconds(65)))
        liveness.hear(at: .seconds(35))
        #expect(step(65) == .wait(until: .seconds(95)))
        #expect(step(95) == .ping)
        #expect(step(96) == .wait(until: .seconds(105)))
        #expect(step(105) == .dead)
        liveness.hear(at: .seconds(100))
        #expect(step(105) == .wait(until: .seconds(160)))
    }

    @Test func waitsLongerFromFailureToFailureUpToAMinute() {
        var backoff = FeedBackoff()
        let waits = (1...9).map { _ in backoff.next(chance: 0) }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
        let shortened = backoff.next(chance: 0.5)
        #expect(shortened == .seconds(45))
        backoff.reset()
        let first = backoff.next(chance: 0)
        #expect(first == .seconds(1))
    }

    @Test(arguments: [
        (
            #"{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}"#,
            "other"
        ),
        (#"{"topicName":"V2.System.Socket_Closing","eventBody":{}}"#, "closing"),
        (
            #"{"topicName":"v2.Routing.queues.Q1.conversations.EMAILS","eventBody":{"id":"c","participants":[]}}"#,
            "conversation"
        ),
        (
            #"{"topicName":"v2.routing.queues.q1.conversations.emails","eventBody":{"id":7}}"#,
            "other"
        ),
        (
            #"{"topicName":"v2.routing.queues.q1.conversations","eventBody":{"id":"c","participants":[]}}"#,
            "other"
        ),
        (#"{"topicName":7}"#, "other"), ("[]", "other"), ("", "other"), ("{", "other"),
    ])
    func readsWhatAChannelTells(text: String, kind: String) {
        switch FeedMessage(Array(text.utf8)) {
        case .conversation(let snapshot):
            #expect(kind == "conversation")
            #expect(snapshot.id == "c")
        case .closing: #expect(kind == "closing")
        case .other: #expect(kind == "other")
        }
    }

    @Test func asksForEveryQueueOnce() {
        var topics = QueueTopics(["Q1", "q1", "no/id", ""])
        let isNew = [topics.add("q2"), topics.add("Q2")]
        #expect(isNew == [true, false])
        #expect(topics.isIncomplete)
        #expect(
            topics.body == [
                ["id": "v2.routing.queues.q1.conversations.emails"],
                ["id": "v2.routing.queues.q2.conversations.emails"],
            ])
        for number in 0..<2000 { topics.add("x\(number)") }
        #expect(topics.wanted.count == QueueTopics.most)
    }

    @Test func knowsWhichQueuesAreNotToldOf() {
        var topics = QueueTopics(["q1", "q2"])
        topics.answer(
            [
                "entities": [
                    ["id": "v2.routing.queues.Q1.conversations.emails", "state": "Permitted"],
                    [
                        "id": "v2.routing.queues.Q2.conversations.emails", "state": "Rejected",
                        "rejectionReason": "no", "missingPermissions": ["routing:queue:view"],
                    ],
                ]
            ], to: topics.wanted)
        #expect(
            topics.rejections == [
                .init(queue: "q2", reason: "no", missingPermissions: ["routing:queue:view"])
            ])
        #expect(!topics.isRefused)
        #expect(!topics.isIncomplete)
        topics.answer(["entities": []], to: topics.wanted)
        #expect(topics.rejections.isEmpty)
    }

    @Test func remembersTheNewestMarkersOnly() {
        let journal = MarkerJournal(capacity: 2)
        func note(_ id: String, _ marker: Int64) {
            journal.note(
                ConversationSnapshot(id: id, sides: []), marker: EntryID(rawValue: marker),
                provider: "Acme")
        }
        func ids(_ marker: Int64) -> [String] {
            journal.traces(of: EntryID(rawValue: marker)).map(\.id)
        }
        for _ in 1...2 { note("a", 1) }
        note("b", 1)
        note("c", 2)
        #expect(ids(1) == ["a", "b"])
        note("d", 3)
        #expect(ids(1) == [])
        #expect(ids(2) == ["c"])
        #expect(ids(3) == ["d"])
    }

    @Test(arguments: [
        (
            "wss://streaming.mypurecloud.de/channels/a?x=1%202", "streaming.mypurecloud.de", 443,
            "/channels/a?x=1%202", "streaming.mypurecloud.de"
        ),
        ("WSS://h:8443", "h", 8443, "/", "h:8443"),
        ("ws://[::1]:8090/c", "::1", 8090, "/c", "[::1]:8090"),
        ("ws://127.0.0.1/c", "127.0.0.1", 80, "/c", "127.0.0.1"),
    ])
    func readsAddresses(uri: String, host: String, port: Int, target: String, authority: String) {
        let address = WebSocketAddress(uri)
        #expect(address?.host == host)
        #expect(address?.port == port)
        #expect(address?.target == target)
        #expect(address?.authority == authority)
        #expect(address?.isSecure == uri.lowercased().hasPrefix("wss"))
    }

    @Test(arguments: ["https://h/c", "wss:///c", "wss://", "", "h", "wss://h:0/", "wss://h:99999/"])
    func refusesWhatIsNoAddress(uri: String) {
        #expect(WebSocketAddress(uri) == nil)
    }

    @Test(
        arguments: [
            (["https_proxy": "http://p:3128"], "wss://h/", "p:3128"),
            (["HTTPS_PROXY": "p"], "wss://h/", "p:1080"),
            (["https_proxy": "", "all_proxy": "http://p:1/"], "wss://h/", "p:1"),
            (["https_proxy": "http://p:3128"], "ws://h/", nil),
            (["http_proxy": "http://p:3128"], "ws://h/", "p:3128"),
            (["HTTP_PROXY": "http://p:3128"], "ws://h/", nil),
            (["https_proxy": "http://p", "no_proxy": "x, H"], "wss://h/", nil),
            (["https_proxy": "http://p", "no_proxy": ".example"], "wss://a.example/", nil),
            (["https_proxy": "http://p", "no_proxy": "example"], "wss://a.example/", nil),
            (["https_proxy": "http://p", "NO_PROXY": "*"], "wss://a.example/", nil),
            (["https_proxy": "http://p", "no_proxy": "ample"], "wss://a.example/", "p:1080"),
            (["https_proxy": "http://p", "no_proxy": "::1"], "wss://[::1]/", nil),
            ([:], "wss://h/", nil),
        ] as [([String: String], String, String?)])
    func goesThroughAProxyWhereTheVariablesSaySo(
        variables: [String: String], uri: String, expected: String?
    ) throws {
        let address = try #require(WebSocketAddress(uri))
        let proxy = try ProxyRules(variables).proxy(for: address)
        #expect(proxy.map { "\($0.host):\($0.port)" } == expected)
        #expect(proxy?.authorization == nil)
    }

    @Test func logsInAtAProxy() throws {
        let address = try #require(WebSocketAddress("wss://h/"))
        let proxy = try ProxyRules(["https_proxy": "http://me:a%20b@p:1"]).proxy(for: address)
        #expect(proxy?.authorization == "Basic bWU6YSBi")
    }

    @Test(arguments: ["socks5://p:1", "https://p:1", "http://"])
    func refusesAProxyItCannotUse(text: String) throws {
        let address = try #require(WebSocketAddress("wss://h/"))
        #expect(throws: FeedError.self) {
            try ProxyRules(["https_proxy": text]).proxy(for: address)
        }
    }
}
