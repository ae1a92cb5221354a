import Outbox
import Testing

extension StoreBehaviour {
    static let joins = [
        StoreBehaviour("what follows in a thread goes in one call once its conversation is live") {
            bench in
            _ = try await bench.post(in: .delivered)
            var ids: [EntryID] = []
            for _ in 0..<3 { ids.append(try await bench.post()) }
            let claim = try await bench.joinOne()
            #expect(claim.deliveries.map(\.entry.id) == ids)
            #expect(claim.standing == Standing(live: "conversation"))
            #expect(claim.deliveries.allSatisfy { $0.entry.state == .sending })
            try await bench.settle(claim, .delivered(reference: "conversation"))
            for id in ids { #expect(try await bench.entry(id).reference == "conversation") }
            #expect(try await bench.transcript().conversations.count == 1)
            #expect(try await bench.claim().isEmpty)
        },
        StoreBehaviour("without a live conversation each goes by itself") { bench in
            let first = try await bench.post()
            let second = try await bench.post()
            let claim = try await bench.joinOne()
            #expect(claim.deliveries.map(\.entry.id) == [first])
            #expect(claim.standing == Standing())
            try await bench.settle(claim, .delivered(reference: "c"))
            #expect(try await bench.joinOne().deliveries.map(\.entry.id) == [second])
        },
        StoreBehaviour("where messages do not join, each goes by itself") { bench in
            _ = try await bench.post(in: .delivered)
            let ids = [try await bench.post(), try await bench.post()]
            let claim = try await bench.claimOne()
            #expect(claim.deliveries.map(\.entry.id) == [ids[0]])
            #expect(claim.standing.live == "conversation")
        },
        StoreBehaviour("a call takes no more than fifty, and none that goes another way") { bench in
            _ = try await bench.post(in: .delivered)
            for _ in 0..<52 { try await bench.post() }
            let other = try await bench.post(route: .other)
            let first = try await bench.joinOne()
            #expect(first.deliveries.count == 50)
            try await bench.settle(first, .delivered(reference: "conversation"))
            let second = try await bench.joinOne()
            #expect(second.deliveries.count == 2)
            try await bench.settle(second, .delivered(reference: "conversation"))
            let third = try await bench.store.claim(from: [.other], limit: 9, joining: true).claims
            #expect(third.map { $0.deliveries.map(\.entry.id) } == [[other]])
        },
        StoreBehaviour("a conversation that has ended is not joined, and the next one knows of it")
        {
            bench in
            _ = try await bench.post(in: .delivered)
            let id = try await bench.post()
            let sam = Agent(id: "a1", name: "Sam")
            try await bench.store.observe(.ended(by: .agent, agent: sam))
            let claim = try await bench.joinOne()
            #expect(claim.deliveries.map(\.entry.id) == [id])
            #expect(claim.standing == Standing(live: nil, earlier: 1, lastAgent: sam))
        },
        StoreBehaviour("a message whose conversation is gone starts over at once") { bench in
            _ = try await bench.post(in: .delivered)
            let ids = [try await bench.post(), try await bench.post()]
            let claim = try await bench.joinOne()
            try await bench.settle(claim, .startOver(reason: "it has ended"), .gone("404"))
            for id in ids {
                let entry = try await bench.entry(id)
                #expect(entry.state == .pending)
                #expect(entry.tries == 0)
            }
            let again = try await bench.joinOne()
            #expect(again.deliveries.map(\.entry.id) == [ids[0]])
            #expect(again.standing == Standing(earlier: 1))
            let ended = try await bench.transcript().conversations.map(\.observation.end)
            #expect(ended == [.unknown])
        },
        StoreBehaviour("of one call in doubt only the first is looked for, for all of them") {
            bench in
            _ = try await bench.post(in: .delivered)
            let ids = [try await bench.post(), try await bench.post(), try await bench.post()]
            try await bench.settle(bench.joinOne(), .doubtful(at: bench.clock.now))
            let look = try await bench.lookOne()
            #expect(look.entry.id == ids[0])
            #expect(look.joining == Look.Joining(conversation: "conversation", last: ids[2]))
            try await bench.store.settle(look, .delivered(reference: "conversation"))
            for id in ids { #expect(try await bench.state(id) == .delivered) }
            #expect(try await bench.looks().isEmpty)
        },
        StoreBehaviour("one call in doubt that is not there is sent again as one") { bench in
            _ = try await bench.post(in: .delivered)
            let ids = [try await bench.post(), try await bench.post()]
            try await bench.settle(bench.joinOne(), .doubtful(at: bench.clock.now))
            try await bench.store.settle(
                bench.lookOne(),
                .retry(at: bench.clock.now, counts: false, reason: "not there"))
            #expect(try await bench.joinOne().deliveries.map(\.entry.id) == ids)
        },
        StoreBehaviour("the next of a call in doubt is looked for once the first is given up") {
            bench in
            _ = try await bench.post(in: .delivered)
            let ids = [try await bench.post(), try await bench.post()]
            try await bench.settle(
                bench.joinOne(), .doubtful(at: bench.clock.now + .seconds(60)))
            _ = try await bench.store.perform(.discard, on: ids[0], by: "anna")
            let look = try await bench.lookOne()
            #expect(look.entry.id == ids[1])
            #expect(look.joining?.last == ids[1])
        },
        StoreBehaviour("the last of a call is known though it was given up meanwhile") { bench in
            _ = try await bench.post(in: .delivered)
            let ids = [try await bench.post(), try await bench.post()]
            try await bench.settle(
                bench.joinOne(), .doubtful(at: bench.clock.now), .unknown("lost"))
            _ = try await bench.store.perform(.discard, on: ids[1], by: "anna")
            #expect(try await bench.lookOne().joining?.last == ids[1])
        },
        StoreBehaviour("of a conversation that is known there is never a second one") { bench in
            _ = try await bench.post(in: .delivered)
            try await bench.post("other")
            try await bench.settle(bench.claimOne(), .held(reason: "undecidable"))
            let held = try await bench.store.entries(EntryQuery(state: .held))
            _ = try await bench.store.perform(
                .delivered(reference: "conversation"), on: held[0].id, by: "anna")
            #expect(try await bench.store.live(after: nil, limit: 9).count == 1)
        },
        StoreBehaviour("a message whose conversation ended during its call starts over at once") {
            bench in
            _ = try await bench.post(in: .delivered)
            let id = try await bench.post()
            let claim = try await bench.joinOne()
            try await bench.store.observe(.ended(by: .agent))
            try await bench.settle(claim, .startOver(reason: "it has ended"), .gone("404"))
            let again = try await bench.joinOne()
            #expect(again.deliveries.map(\.entry.id) == [id])
            #expect(again.standing == Standing(earlier: 1))
            let ended = try await bench.transcript().conversations.map(\.observation.end)
            #expect(ended == [.agent])
        },
        StoreBehaviour("starting over where nothing was joined takes a pause") { bench in
            let id = try await bench.post()
            let claim = try await bench.claimOne()
            try await bench.settle(claim, .startOver(reason: "it has ended"), .gone("404"))
            #expect(try await bench.claim().isEmpty)
            #expect(try await bench.entry(id).dueAt == bench.clock.now + .seconds(60))
        },
        StoreBehaviour("an operator decides for all of one call") { bench in
            _ = try await bench.post(in: .delivered)
            let ids = [try await bench.post(), try await bench.post(), try await bench.post()]
            try await bench.settle(bench.joinOne(), .held(reason: "undecidable"))
            _ = try await bench.store.perform(
                .retry(mayDouble: true), on: ids[1], by: "anna")
            let claim = try await bench.joinOne()
            #expect(claim.deliveries.map(\.entry.id) == ids)
            #expect(claim.deliveries.allSatisfy { $0.entry.isPossibleDuplicate })
        },
    ]
}

extension Workbench {
    /// The only claim there is, of messages that may join.
    func joinOne() async throws -> Claim {
        let claims = try await store.claim(from: [.standard], limit: 9, joining: true).claims
        guard let claim = claims.first, claims.count == 1 else {
            throw Unexpected(description: "\(claims.count) claims instead of one")
        }
        return claim
    }

    func transcript(_ thread: ThreadName = .standard) async throws(StoreError) -> Transcript {
        try await store.transcript(of: thread)
    }
}

extension ThreadName {
    static let standard = ThreadName(ShopName("shop"), ThreadKey("thread"))
}

extension Observation {
    /// Of the conversation that `Workbench.post(in: .delivered)` makes.
    static func ended(
        by end: ConversationEnd, agent: Agent? = nil, _ reference: String = "conversation"
    ) -> Observation {
        Observation(
            reference: reference, stage: .ended, agent: agent, wasAccepted: agent != nil, end: end)
    }

    static func seen(
        _ stage: ConversationStage, agent: Agent? = nil, queue: Queue? = nil,
        _ reference: String = "conversation"
    ) -> Observation {
        Observation(reference: reference, stage: stage, queue: queue, agent: agent)
    }
}
