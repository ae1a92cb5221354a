import ExactJSON
import Listener
import Outbox
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15))) struct OpsFaceTests {
    private let tokens = [
        AccessToken(name: "anna", secret: "w", scope: .write),
        AccessToken(name: "wall", secret: "r", scope: .read),
    ]
    private let write = ("Authorization", "Bearer w")
    private let read = ("Authorization", "Bearer r")

    @Test func howConversationsAreFollowedIsShown() async throws {
        var ops = Ops()
        #expect(try await ops.get("/outbox").json?["feed"] == .null)
        var feed = FeedStatus()
        feed.trouble = "403 missing.permissions: <no>"
        feed.live = 7
        feed.rejections = [
            .init(queue: "q2", reason: nil, missingPermissions: ["routing:queue:view"])
        ]
        ops.feed = feed
        let json = try await ops.get("/outbox").json?["feed"]
        #expect(json?["connected_seconds"] == .null)
        #expect(json?["live"] == 7)
        #expect(json?["rejected"]?.array?.first?["missing_permissions"] == ["routing:queue:view"])
        let page = try await ops.get("/outbox", [("Accept", "text/html")]).text
        #expect(page.contains("403 missing.permissions: &lt;no&gt;"))
        #expect(page.contains("queue q2"))
        #expect(try await ops.get("/metrics").text.contains("bridge_feed_connected 0"))
        ops.feed?.connectedSince = ops.clock.now
        ops.clock.advance(by: .seconds(90))
        #expect(try await ops.get("/outbox").json?["feed"]?["connected_seconds"] == 90)
        #expect(
            try await !ops.get("/outbox", [("Accept", "text/html")]).text.contains("tells of no"))
    }

    @Test func theOutboxIsCounted() async throws {
        var ops = Ops()
        ops.relay = RelayStatus(
            destinations: [
                .init(
                    name: .genesys, closed: nil,
                    quota: Quota(used: 12, allowed: 300, resetsAfter: .seconds(20)), perMinute: 60,
                    stopped: [
                        .tag: .init(
                            reason: "403", lasting: .seconds(9), nextProbe: .seconds(21))
                    ])
            ],
            routes: [
                .init(
                    name: .default,
                    stopped: .init(
                        reason: "no such queue", lasting: .seconds(90), nextProbe: .seconds(30)))
            ], inFlight: 1, deliveredLastMinute: 7)
        try await ops.accept()
        try await ops.settle(.dead(reason: "refused"))
        try await ops.accept()
        ops.clock.advance(by: .seconds(90))
        let json = try #require(try await ops.get("/outbox").json)
        #expect(
            json["counts"] == [
                "pending": 1, "sending": 0, "in_doubt": 0, "held": 0, "delivered": 0, "dead": 1,
                "discarded": 0,
            ])
        #expect(json["oldest_pending_seconds"] == 90)
        #expect(
            json["awaiting_agent"] == ["threads": 2, "longest_seconds": 90, "forgotten": .null])
        #expect(json["concerns"] == ["again": 0, "unanswered": 1, "refused": 0])
        #expect(json["in_flight"] == 1 && json["delivered_last_minute"] == 7)
        // One entry, at the seven a minute that were seen.
        #expect(json["drain_seconds"] == 9)
        #expect(
            json["destinations"] == [
                [
                    "name": "genesys",
                    "counts": [
                        "pending": 1, "sending": 0, "in_doubt": 0, "held": 0, "delivered": 0,
                        "dead": 1, "discarded": 0,
                    ], "open": true, "closed": .null, "per_minute": 60,
                    "quota": ["used": 12, "allowed": 300, "resets_in_seconds": 20],
                    "stopped_calls": [
                        "tag": ["reason": "403", "seconds": 9, "next_probe_seconds": 21]
                    ],
                ]
            ])
        #expect(
            json["routes"] == [
                [
                    "name": "default",
                    "stopped": [
                        "reason": "no such queue", "seconds": 90, "next_probe_seconds": 30,
                    ],
                ]
            ])
        #expect(json["entries"]?.array?.map { $0["state"] } == ["pending", "dead"])
        #expect(json["next"] == .null)
    }

    @Test func entriesComeInPages() async throws {
        let ops = Ops()
        for number in 0..<5 { try await ops.accept("thread/\(number % 2)") }
        var seen: [JSON] = []
        var path: String? = "/outbox?limit=2&thread=thread%2F0"
        while let next = path {
            let json = try #require(try await ops.get(next).json)
            seen += json["entries"]?.array ?? []
            path = json["next"]?.string
        }
        let all = try await ops.store.entries(EntryQuery(thread: ThreadKey("thread/0")))
        #expect(seen.map { $0["id"]?.string } == all.map(\.id.description))
        #expect(seen.count == 3)
        let found = try await ops.get("/outbox?q=\(all[1].id)&state=pending").json
        #expect(found?["entries"]?.array?.map { $0["id"] } == [.string(all[1].id.description)])
    }

    @Test(arguments: ["state=gone", "after=x", "limit=0", "limit=501", "limit=x"])
    func aQueryThatMeansNothingIsRefused(query: String) async throws {
        let answer = try await Ops().get("/outbox?\(query)")
        #expect(answer.status == 400)
        #expect(answer.json?["field"]?.string == query.split(separator: "=").first.map(String.init))
    }

    @Test func anEntryIsShownWithItsAttempts() async throws {
        let ops = Ops()
        let id = try await ops.accept("t")
        try await ops.settle(.held(reason: "nobody knows"))
        let json = try #require(try await ops.get("/outbox/\(id)").json)
        #expect(json["id"] == .string(id.description) && json["state"] == "held")
        #expect(json["reason"] == "nobody knows" && json["lane_held"] == false)
        let attempt = try #require(json["attempts"]?.array?.first)
        #expect(attempt["outcome"] == "unknown" && attempt["status"] == 504)
        #expect(attempt["correlation"] == "c-1" && attempt["number"] == 1)
        #expect(try await ops.get("/outbox/0000000000000").status == 404)
        #expect(try await ops.get("/outbox/x").status == 404)
    }

    @Test func anOperatorActsUnderTheNameOfTheToken() async throws {
        var ops = Ops()
        ops.tokens = tokens
        let id = try await ops.accept()
        try await ops.settle(.dead(reason: "refused"))
        let answer = try await ops.post("/outbox/\(id)/retry", [write])
        #expect(answer.status == 200 && answer.json?["state"] == "pending")
        #expect(try await ops.store.changes(after: 0, limit: 100).last?.actor == "anna")
        let discarded = try await ops.post("/outbox/\(id)/discard", [write])
        #expect(discarded.json?["state"] == "discarded")
    }

    @Test func whatMayDoubleHasToBeSaid() async throws {
        let ops = Ops()
        for way in ["?mayDouble=true", #"{"may_double":true}"#] {
            let id = try await ops.accept()
            try await ops.settle(.held(reason: "nobody knows"))
            let refused = try await ops.post("/outbox/\(id)/retry")
            #expect(refused.status == 409)
            #expect(try await ops.state(of: id) == .held)
            let isQuery = way.hasPrefix("?")
            let answer = try await ops.post(
                "/outbox/\(id)/retry\(isQuery ? way : "")", body: isQuery ? "" : way)
            #expect(answer.json?["state"] == "pending")
            try await ops.settle(.delivered(reference: nil))
        }
    }

    @Test func anEntryIsSettledByItsReference() async throws {
        let ops = Ops()
        let id = try await ops.accept()
        try await ops.settle(.inDoubt(reason: "no answer", lookAt: ops.clock.now))
        for body in ["", "{}", #"{"reference":""}"#, #"{"reference":"a b"}"#, #"{"reference":5}"#] {
            let refused = try await ops.post("/outbox/\(id)/delivered", body: body)
            #expect(refused.status == 422 && refused.json?["field"] == "reference")
        }
        let answer = try await ops.post("/outbox/\(id)/delivered", body: #"{"reference":"c-9"}"#)
        #expect(answer.json?["state"] == "delivered" && answer.json?["reference"] == "c-9")
        #expect(try await ops.store.changes(after: 0, limit: 100).last?.actor == "local")
    }

    @Test func theDeadAreRetriedTogether() async throws {
        let ops = Ops()
        for _ in 0..<3 { try await ops.accept() }
        try await ops.settle(.dead(reason: "refused"))
        #expect(try await ops.post("/outbox/retry").status == 400)
        let answer = try await ops.post("/outbox/retry?state=dead")
        #expect(answer.json == ["retried": 3])
        #expect(try await ops.store.summary().counts[.pending] == 3)
    }

    @Test func aLaneIsHeldAndReleased() async throws {
        let ops = Ops()
        let id = try await ops.accept()
        let lane = try await ops.store.entry(id).entry.lane
        let held = try await ops.post("/lanes/\(lane)/hold")
        #expect(held.json == ["lane": .string(lane.description), "held": true])
        #expect(try await ops.store.entry(id).laneHeld)
        #expect(try await ops.post("/lanes/\(lane)/release").json?["held"] == false)
        #expect(try await ops.store.entry(id).laneHeld == false)
        #expect(try await ops.post("/lanes/0000000000000/hold").status == 404)
    }

    @Test func aTokenOpensWhatItsScopeAllows() async throws {
        var ops = Ops()
        ops.tokens = tokens
        let id = try await ops.accept()
        for path in ["/outbox", "/outbox/\(id)", "/outbox/stream", "/metrics"] {
            #expect(try await ops.get(path).status == 401)
            #expect(try await ops.get(path, [("Authorization", "Bearer x")]).status == 401)
            #expect(try await ops.get(path, [read]).status == 200)
        }
        let actions = [
            "/outbox/\(id)/retry", "/outbox/\(id)/discard", "/outbox/\(id)/delivered",
            "/outbox/retry?state=dead", "/lanes/\(id)/hold", "/lanes/\(id)/release",
        ]
        for path in actions {
            #expect(try await ops.post(path).status == 401)
            #expect(try await ops.post(path, [read]).status == 403)
        }
        #expect(try await ops.state(of: id) == .pending)
        for path in ["/healthz", "/readyz"] { #expect(try await ops.get(path).status == 200) }
    }

    @Test(arguments: [
        ("GET", "/outbox", "Host: evil.example", 403),
        ("GET", "/outbox", "Host: 127.0.0.1.evil.example", 403),
        ("GET", "/outbox", "Host: 127.0.0.1:8081", 200),
        ("GET", "/outbox", "Host: [::1]:8081", 200),
        (
            "POST", "/outbox/retry?state=dead", "Host: localhost\r\nOrigin: https://evil.example",
            403
        ),
        ("POST", "/outbox/retry?state=dead", "Host: localhost\r\nOrigin: null", 403),
        (
            "POST", "/outbox/retry?state=dead", "Host: localhost\r\nOrigin: http://localhost:8081",
            200
        ),
    ])
    func withoutTokensNoPageOfAnotherSiteMayAsk(
        method: String, path: String, fields: String, status: Int
    ) async throws {
        let answer = try await Ops().send(
            "\(method) \(path) HTTP/1.1\r\n\(fields)\r\nContent-Length: 0\r\n\r\n")
        #expect(answer.status == status)
    }

    @Test func aBrowserGetsAPage() async throws {
        var ops = Ops()
        ops.relay.destinations = [
            .init(
                name: .genesys,
                closed: .init(reason: "<b>refused</b>", lasting: .seconds(5), nextProbe: nil),
                quota: nil, perMinute: nil)
        ]
        let id = try await ops.accept("<script>alert(1)</script>")
        let browser = ("Accept", "text/html,application/xhtml+xml;q=0.9")
        for path in ["/outbox", "/outbox/\(id)"] {
            let page = try await ops.get(path, [browser])
            #expect(page["content-type"] == "text/html; charset=utf-8")
            #expect(page["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
            #expect(page.text.contains("&lt;script&gt;alert(1)"))
            #expect(!page.text.contains("<script") && !page.text.contains("<b>refused"))
            #expect(page.text.contains(id.description))
            #expect(!page.text.contains("secret words"))
        }
    }

    @Test func theMetricsAreThatOfTheStatus() async throws {
        var ops = Ops()
        ops.relay.routes = [.init(name: RouteName("a\"b"), stopped: nil)]
        let closure = RelayStatus.Closure(reason: "403", lasting: .zero, nextProbe: nil)
        ops.relay.destinations = [
            .init(
                name: .genesys, closed: nil, quota: nil, perMinute: nil,
                stopped: [.analytics: closure])
        ]
        ops.store.count(.create)
        ops.store.count(.create)
        try await ops.accept()
        let answer = try await ops.get("/metrics")
        #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        let lines = answer.text.split(separator: "\n")
        #expect(lines.contains(#"bridge_entries{state="pending"} 1"#))
        #expect(lines.contains(#"bridge_entries{state="in_doubt"} 0"#))
        #expect(lines.contains(#"bridge_route_stopped{route="a\"b"} 0"#))
        #expect(lines.contains("# TYPE bridge_entries gauge"))
        #expect(lines.contains(#"bridge_calls_stopped{kind="analytics"} 1"#))
        #expect(lines.contains(#"bridge_calls_stopped{kind="create"} 0"#))
        #expect(lines.contains(#"bridge_calls_this_month{kind="create"} 2"#))
        #expect(lines.allSatisfy { $0.hasPrefix("#") || $0.split(separator: " ").count == 2 })
    }

    @Test func aStoreThatFailsIsNotReadyButAlive() async throws {
        let clock = ManualClock()
        let statuses = try await serving({ listening in
            OpsFace(
                at: ListenAddress(host: "127.0.0.1", port: 0), tokens: [], store: ClosedOutbox(),
                census: { nil },
                relay: {
                    RelayStatus(destinations: [], routes: [], inFlight: 0, deliveredLastMinute: 0)
                },
                environment: clock.environment, logger: .silent, listening: listening)
        }) { port in
            let client = try Client(port: port)
            var statuses: [Int] = []
            for path in ["/healthz", "/readyz", "/outbox"] {
                client.send(request("GET", path))
                statuses.append(try await client.answer()?.status ?? 0)
            }
            return statuses
        }
        #expect(statuses == [200, 503, 503])
    }
}
