import Outbox
import Testing

extension StoreBehaviour {
    private static let sam = Agent(id: "a1", name: "Sam")
    private static let mia = Agent(id: "a2", name: "Mia")

    static let conversations = [
        StoreBehaviour("what is no conversation of ours is passed over", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            #expect(try await !bench.store.observe(.seen(.withAgent, agent: sam, "another")))
            #expect(try await bench.events().map(\.name) == [.conversationStarted, .threadStatus])
        },
        StoreBehaviour("what was seen before it is known is not lost") { bench in
            try await bench.post()
            let claim = try await bench.claimOne()
            #expect(try await !bench.store.observe(.ended(by: .system)))
            try await bench.settle(claim, .delivered(reference: "conversation"))
            #expect(try await bench.store.live(after: nil, limit: 9).isEmpty)
            #expect(try await bench.store.concerns(limit: 9).map(\.kind) == [.again])
        },
        StoreBehaviour("an agent for whom it only rang never had it") { bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.observe(.seen(.alerting, agent: sam))
            try await bench.store.observe(.seen(.waiting))
            try await bench.store.observe(.ended(by: .system))
            try await bench.post()
            #expect(try await bench.claimOne().standing == Standing(earlier: 1))
        },
        StoreBehaviour("an older double that is found is followed beside the other") { bench in
            let id = try await bench.post()
            let now = bench.clock.now
            try await bench.settle(
                bench.claimOne(), .delivered(reference: "young", note: nil, lookAt: now))
            try await bench.store.observe(.ended(by: .system, "young"))
            try await bench.store.settle(
                bench.lookOne(), .delivered(reference: "old", note: "there were two"))
            #expect(try await bench.entry(id).reference == "old")
            #expect(try await bench.store.live(after: nil, limit: 9).map(\.reference) == ["old"])
            #expect(try await bench.store.thread(of: "young") == .standard)
            #expect(try await bench.store.concerns(limit: 9).isEmpty)
        },
        StoreBehaviour("a customer who writes again is told of as waiting", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            try await bench.post(direction: .staff)
            try await bench.post()
            #expect(
                try await bench.events().compactMap(\.status) == [.waiting, .answered, .waiting])
        },
        StoreBehaviour("a shop is told of each step of a conversation, once", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            let queue = Queue(id: "q1", name: "One")
            for _ in 0..<2 {
                try await bench.store.observe(.seen(.alerting, agent: sam, queue: queue))
                try await bench.store.observe(.seen(.withAgent, agent: sam, queue: queue))
                try await bench.store.observe(.seen(.withAgent, agent: sam, queue: queue))
            }
            let events = try await bench.events()
            #expect(
                events.map(\.name) == [
                    .conversationStarted, .threadStatus, .conversationAccepted, .threadStatus,
                    // Rings again, and is taken again.
                    .conversationTransferred, .threadStatus, .conversationAccepted, .threadStatus,
                ])
            #expect(events[2].agent == sam)
            #expect(events[2].queue == queue)
            #expect(events.compactMap(\.status) == [.waiting, .withAgent, .waiting, .withAgent])
        },
        StoreBehaviour("it is followed to another queue and agent", aftercare: .told) { bench in
            _ = try await bench.post(in: .delivered)
            let (one, two) = (Queue(id: "q1", name: "One"), Queue(id: "q2"))
            try await bench.store.observe(.seen(.withAgent, agent: sam, queue: one))
            try await bench.store.observe(.seen(.waiting, queue: two))
            try await bench.store.observe(.seen(.withAgent, agent: mia, queue: two))
            try await bench.store.observe(.seen(.withAgent, agent: sam, queue: two))
            let names = try await bench.events().map(\.name).filter { $0 != .threadStatus }
            #expect(
                names == [
                    .conversationStarted, .conversationAccepted, .conversationTransferred,
                    .conversationAccepted, .conversationTransferred, .conversationAccepted,
                ])
            let live = try await bench.store.live(after: nil, limit: 9)
            #expect(live.map(\.queue) == [two])
            #expect(live.map(\.stage) == [.withAgent])
        },
        StoreBehaviour(
            "an ended conversation stays ended, and learns its wrap-up", aftercare: .told
        ) {
            bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.observe(.seen(.withAgent, agent: sam))
            try await bench.store.observe(.ended(by: .unknown, agent: sam))
            try await bench.store.observe(.seen(.withAgent, agent: sam))
            var late = Observation.ended(by: .agent, agent: sam)
            late.wrapUp = WrapUp(code: "w1", name: "Solved", notes: nil)
            try await bench.store.observe(late)
            try await bench.store.observe(late)
            let events = try await bench.events().filter { $0.name != .threadStatus }
            #expect(
                events.map(\.name) == [
                    .conversationStarted, .conversationAccepted, .conversationEnded,
                    .conversationUpdated,
                ])
            #expect(events[2].answered == false)
            #expect(events[3].wrapUp?.name == "Solved")
            #expect(events[3].end == .agent)
            #expect(try await bench.store.live(after: nil, limit: 9).isEmpty)
        },
        StoreBehaviour("events are delivered in order, and in nobody's way", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.observe(.seen(.withAgent, agent: sam))
            let answer = try await bench.answer()
            let claims = try await bench.claim(9, from: [.callback])
            #expect(
                claims.map { $0.deliveries[0].entry.kind }.sorted { $0.rawValue < $1.rawValue }
                    == [.message, .event])
            #expect(claims.contains { $0.deliveries[0].entry.id == answer })
            #expect(claims.allSatisfy { $0.deliveries.count == 1 })
        },
        StoreBehaviour("a shop is told only what it wants") { bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.observe(.seen(.withAgent, agent: sam))
            #expect(try await bench.claim(9, from: [.callback]).isEmpty)
        },
        StoreBehaviour("a dead message is told to its shop, with the reason", aftercare: .told) {
            bench in
            var submission = Submission.example()
            submission.message.shopID = "m-57"
            _ = try await bench.submit(submission)
            let claim = try await bench.claimOne()
            let id = claim.deliveries[0].entry.id
            try await bench.settle(claim, .dead(reason: "refused"))
            let events = try await bench.events()
            #expect(events.map(\.name) == [.messageDead])
            #expect(events[0].message?.rawValue == id.rawValue)
            #expect(events[0].shopMessageID == "m-57")
            #expect(events[0].reason == "refused")
        },
        StoreBehaviour("what waits for a shop is no backlog", aftercare: .told) { bench in
            _ = try await bench.post(in: .delivered)
            #expect(bench.store.load.pending == 0)
            let summary = try await bench.store.summary()
            #expect(summary.backlog == 0)
            #expect(summary.destinations[.callback(of: ShopName("shop"))]?[.pending] == 2)
        },
        StoreBehaviour("the transcript has all that was written and said") { bench in
            let first = try await bench.post(in: .delivered)
            try await bench.store.observe(.seen(.withAgent, agent: sam))
            _ = try await bench.write(.note, "vip")
            try await bench.post(direction: .staff)
            let transcript = try await bench.transcript()
            #expect(transcript.messages.map(\.message?.direction) == [.customer, .note, .staff])
            #expect(transcript.messages.map(\.state) == [.delivered, nil, nil])
            #expect(transcript.messages[0].id.rawValue == first.rawValue)
            #expect(transcript.conversations.map(\.observation.agent) == [sam])
            #expect(transcript.summary.status == .answered)
            #expect(transcript.summary.conversation == "conversation")
            #expect(try await bench.store.thread(of: "conversation") == .standard)
            await #expect(throws: StoreError.notFound) {
                _ = try await bench.transcript(ThreadName(ShopName("x"), ThreadKey("thread")))
            }
        },
        StoreBehaviour("a customer's threads are found by their shop alone") { bench in
            try await bench.post("a")
            try await bench.post("b")
            try await bench.post("c", shop: "other")
            let found = try await bench.store.threads(of: "7", in: ShopName("shop"), limit: 9)
            #expect(found.map(\.thread.key.description) == ["b", "a"])
            #expect(found.map(\.status) == [.received, .received])
            #expect(try await bench.store.threads(of: "8", in: ShopName("shop"), limit: 9).isEmpty)
            #expect(
                try await bench.store.threads(of: "7", in: ShopName("shop"), limit: 1).count == 1)
        },
        StoreBehaviour("the status follows the matter, and says since when") { bench in
            try await bench.post()
            bench.clock.advance(by: .seconds(10))
            #expect(try await bench.status() == "received for 10.0 seconds")
            try await bench.settle(bench.claimOne(), .delivered(reference: "conversation"))
            bench.clock.advance(by: .seconds(5))
            #expect(try await bench.status() == "waiting for 5.0 seconds")
            try await bench.store.observe(.seen(.withAgent, agent: sam))
            #expect(try await bench.status() == "withAgent for 0.0 seconds")
            try await bench.store.observe(.seen(.parked, agent: sam))
            #expect(try await bench.status() == "withAgent for 0.0 seconds")
            _ = try await bench.answer()
            #expect(try await bench.status() == "answered for 0.0 seconds")
            bench.clock.advance(by: .seconds(1))
            try await bench.post()
            #expect(try await bench.status() == "withAgent for 0.0 seconds")
        },
    ]
}

extension Aftercare {
    /// The shop wants to be told all.
    static let told = Aftercare(callbacks: [ShopName("shop"): Set(EventName.forShops)])
}

extension Aftercare {
    /// The shop wants to be told of all but the answers.
    static let events = Aftercare(
        callbacks: [ShopName("shop"): Set(EventName.forShops).subtracting([.agentReply])])
}

extension Route {
    static let callback = Route.callback(of: ShopName("shop"))
}

extension Workbench {
    /// And for how long.
    fileprivate func status() async throws -> String {
        let summary = try await transcript().summary
        return "\(summary.status) for \(clock.now - summary.since)"
    }

    /// All events for the shop, which are delivered with it.
    func events() async throws -> [Event] {
        var events: [Event] = []
        while true {
            let claims = try await store.claim(from: [.callback], limit: 9).claims
            guard !claims.isEmpty else { return events }
            for claim in claims {
                if case .event(let event)? = claim.deliveries.first?.content {
                    events.append(event)
                }
                try await settle(claim, .delivered(reference: nil))
            }
        }
    }

    func write(
        _ kind: AgentMessage.Kind, _ body: String = "On its way.", key: String? = nil,
        seen: EntryID? = nil
    ) async throws(StoreError) -> Acceptance {
        try await store.write(
            AgentMessage(
                kind, in: .standard, by: Agent(id: "a1", name: "Sam"), body: body,
                conversation: "conversation",
                seen: seen.map { MessageID(rawValue: $0.rawValue) },
                key: IdempotencyKey(key ?? "\(UInt64.random(in: 0 ... .max))"),
                digest: Array(body.utf8)))
    }

    /// The entry of a new answer.
    func answer(seen: EntryID? = nil) async throws -> EntryID {
        guard case .accepted(let id) = try await write(.answer, seen: seen) else {
            throw Unexpected(description: "it was answered before")
        }
        return EntryID(firstOf: id)
    }
}
