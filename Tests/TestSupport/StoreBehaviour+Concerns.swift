import Outbox
import Testing

extension StoreBehaviour {
    private static let sam = Agent(id: "a1", name: "Sam")
    private static let patient = Aftercare(recreateAfter: [.seconds(60), .seconds(600)])

    static let concerns = [
        StoreBehaviour(
            "what no agent took is created again, and waits for its turn", aftercare: patient
        ) { bench in
            let id = try await bench.post(in: .delivered)
            bench.clock.advance(by: .seconds(30))
            try await bench.store.observe(.ended(by: .system))
            let concern = try await bench.concernOne()
            #expect(concern.kind == .again)
            #expect(concern.since == id.drawnAt)
            #expect(concern.dueAt == bench.clock.now + .seconds(60))
            #expect(try await bench.store.recreateDue(limit: 9) == (0, concern.dueAt))
            bench.clock.advance(by: .seconds(60))
            #expect(try await bench.store.recreateDue(limit: 9) == (1, nil))
            let claim = try await bench.claimOne()
            let entry = claim.deliveries[0].entry
            #expect(entry.id != id)
            #expect(entry.message.rawValue == id.rawValue)
            #expect(entry.acceptedAt == id.drawnAt)
            #expect(claim.standing == Standing(earlier: 1))
            try await bench.settle(claim, .delivered(reference: "second"))
            #expect(try await bench.concerns().isEmpty)
            #expect(try await bench.transcript().conversations.count == 2)
            let receipt = try await bench.store.receipt(
                of: entry.message, in: ShopName("shop"))
            #expect(receipt.reference == "second")
        },
        StoreBehaviour(
            "it is created again only so often, then a person sees to it", aftercare: patient
        ) { bench in
            try await bench.post()
            for number in 0..<3 {
                try await bench.settle(bench.claimOne(), .delivered(reference: "c\(number)"))
                try await bench.store.observe(.ended(by: .system, "c\(number)"))
                bench.clock.advance(by: .seconds(600))
                #expect(
                    try await bench.store.recreateDue(limit: 9).count == (number < 2 ? 1 : 0))
            }
            let concern = try await bench.concernOne()
            #expect(concern.kind == .unanswered)
            #expect(concern.dueAt == nil)
            #expect(concern.reason.contains("2 times"))
        },
        StoreBehaviour(
            "an agent who ends without an answer leaves it to a person", aftercare: .told
        ) {
            bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.observe(.seen(.withAgent, agent: sam))
            try await bench.store.observe(.ended(by: .agent, agent: sam))
            #expect(try await bench.concernOne().kind == .unanswered)
            let ended = try await bench.events().first { $0.name == .conversationEnded }
            #expect(ended?.answered == false)
            #expect(ended?.agent == sam)
        },
        StoreBehaviour("an agent who ends after an answer leaves nothing", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.observe(.seen(.withAgent, agent: sam))
            _ = try await bench.answer()
            try await bench.store.observe(.ended(by: .agent, agent: sam))
            #expect(try await bench.concerns().isEmpty)
            let ended = try await bench.events().first { $0.name == .conversationEnded }
            #expect(ended?.answered == true)
        },
        StoreBehaviour("an agent who says why no answer is needed leaves nothing") { bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.dismiss(.standard, because: "spam", seen: nil, by: "a1")
            try await bench.store.observe(.ended(by: .agent, agent: sam))
            #expect(try await bench.concerns().isEmpty)
        },
        StoreBehaviour("who wrote again has a conversation coming") { bench in
            _ = try await bench.post(in: .delivered)
            try await bench.post()
            try await bench.store.observe(.ended(by: .agent, agent: sam))
            #expect(try await bench.concerns().isEmpty)
        },
        StoreBehaviour("a message that came to a conversation as it ended is not forgotten") {
            bench in
            _ = try await bench.post(in: .delivered)
            _ = try await bench.answer()
            try await bench.post()
            let claim = try await bench.joinOne()
            try await bench.store.observe(.ended(by: .agent, agent: sam))
            #expect(try await bench.concerns().isEmpty)
            try await bench.settle(claim, .delivered(reference: "conversation"))
            #expect(try await bench.concernOne().kind == .unanswered)
        },
        StoreBehaviour("an answer ends a concern") { bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.observe(.ended(by: .customer))
            #expect(try await bench.concernOne().kind == .unanswered)
            _ = try await bench.answer()
            #expect(try await bench.concerns().isEmpty)
        },
        StoreBehaviour("a new message ends a concern once it has a conversation") { bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.observe(.ended(by: .customer))
            try await bench.post()
            try await bench.settle(bench.claimOne(), .delivered(reference: "new"))
            #expect(try await bench.concerns().isEmpty)
        },
        StoreBehaviour("a person may have it created again, and is recorded") { bench in
            let id = try await bench.post(in: .delivered)
            try await bench.store.observe(.ended(by: .customer))
            try await bench.store.recreate(.standard, by: "anna")
            #expect(try await bench.concerns().isEmpty)
            let entry = try await bench.claimOne().deliveries[0].entry
            #expect(entry.message.rawValue == id.rawValue)
            let audit = try await bench.store.audits(of: .standard)
            #expect(audit.map(\.action) == [.recreated])
            #expect(audit.map(\.actor) == ["anna"])
        },
        StoreBehaviour("only who waits and has nobody is created again") { bench in
            _ = try await bench.post(in: .delivered)
            await #expect(throws: StoreError.self) {
                try await bench.store.recreate(.standard, by: "anna")
            }
            try await bench.store.dismiss(.standard, because: "x", seen: nil, by: "a1")
            await #expect(throws: StoreError.self) {
                try await bench.store.recreate(.standard, by: "anna")
            }
            #expect(try await bench.claim().isEmpty)
        },
        StoreBehaviour("a dead message is somebody's to see to, until it is sent again") { bench in
            let id = try await bench.post(in: .dead)
            #expect(try await bench.concernOne().reason.contains("refused"))
            _ = try await bench.store.perform(.retry(mayDouble: false), on: id, by: "anna")
            #expect(try await bench.concerns().isEmpty)
        },
        StoreBehaviour("what was asked before a discarded message is still asked") { bench in
            _ = try await bench.post(in: .delivered)
            let second = try await bench.post(in: .held)
            _ = try await bench.store.perform(.discard, on: second, by: "anna")
            #expect(try await bench.transcript().summary.awaiting == .agent)
            try await bench.store.observe(.ended(by: .agent, agent: sam))
            #expect(try await bench.concernOne().kind == .unanswered)
        },
        StoreBehaviour("how it ended is judged again once it is known") { bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.observe(.ended(by: .unknown))
            #expect(try await bench.concernOne().kind == .again)
            try await bench.store.observe(.ended(by: .agent, agent: sam))
            #expect(try await bench.concernOne().kind == .unanswered)
        },
        StoreBehaviour(
            "a callback that was cut off is sent again, and never in doubt", aftercare: .told
        ) {
            bench in
            _ = try await bench.post(in: .delivered)
            let answer = try await bench.answer()
            let events = try await bench.claim(9, from: [.callback])
            #expect(try await bench.state(answer) == .sending)
            #expect(try await bench.store.sweep(except: []).isEmpty)
            #expect(try await bench.state(answer) == .pending)
            #expect(try await bench.claim(9, from: [.callback]).count == events.count)
        },
        StoreBehaviour("a message that a person discards waits for nobody") { bench in
            let id = try await bench.post(in: .held)
            _ = try await bench.store.perform(.discard, on: id, by: "anna")
            #expect(try await bench.concerns().isEmpty)
            #expect(try await bench.transcript().summary.status == .closed)
            #expect(try await bench.store.audits(of: .standard).map(\.actor) == ["anna"])
        },
        StoreBehaviour(
            "an answer the shop refused is somebody's, in the shop's words", aftercare: .told
        ) { bench in
            _ = try await bench.post(in: .delivered)
            _ = try await bench.events()
            let answer = try await bench.answer()
            let claim = try await bench.claimOne(from: [.callback])
            try await bench.settle(claim, .dead(reason: "the shop: no such order"))
            let concern = try await bench.concernOne()
            #expect(concern.kind == .refused)
            #expect(concern.entry == answer)
            #expect(concern.reason == "the shop: no such order")
            #expect(try await bench.transcript().summary.awaiting == .agent)
            try await bench.store.observe(.ended(by: .agent, agent: sam))
            #expect(try await bench.concerns().map(\.kind) == [.refused])
            _ = try await bench.store.perform(.retry(mayDouble: false), on: answer, by: "anna")
            #expect(try await bench.concerns().isEmpty)
        },
        StoreBehaviour(
            "an answer that is given up leaves the customer unanswered", aftercare: .told
        ) {
            bench in
            _ = try await bench.post(in: .delivered)
            _ = try await bench.events()
            let answer = try await bench.answer()
            try await bench.store.observe(.ended(by: .agent, agent: sam))
            _ = try await bench.store.perform(.discard, on: answer, by: "anna")
            #expect(try await bench.concernOne().kind == .unanswered)
        },
        StoreBehaviour("a census finds who waits, and nobody who is forgotten") { bench in
            for (number, state) in [EntryState.delivered, .held, .dead, .pending].enumerated() {
                _ = try await bench.post("\(number)", in: state)
                bench.clock.advance(by: .seconds(1))
            }
            try await bench.post("staff", direction: .staff)
            var place: CensusPlace? = .start
            var (waiting, forgotten) = (0, [ThreadName]())
            while let current = place {
                let page = try await bench.store.census(after: current, limit: 3)
                waiting += page.waiting
                forgotten += page.forgotten
                place = page.next
            }
            #expect(waiting == 4)
            #expect(forgotten.isEmpty)
        },
        StoreBehaviour(
            "with nobody to see to it, who ended unanswered is forgotten, and counted",
            aftercare: Aftercare(seesToUnanswered: false)
        ) { bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.observe(.ended(by: .agent, agent: sam))
            #expect(try await bench.concerns().isEmpty)
            let page = try await bench.store.census(after: .start, limit: 9)
            #expect(page.forgotten == [.standard])
        },
        StoreBehaviour("concerns are counted") { bench in
            #expect(try await bench.store.summary().concerns.isEmpty)
            _ = try await bench.post(in: .dead)
            #expect(try await bench.store.summary().concerns == [.unanswered: 1])
            try await bench.store.close(.standard, by: "shop")
            #expect(try await bench.store.summary().concerns.isEmpty)
        },
    ]
}

extension Workbench {
    func concerns() async throws(StoreError) -> [Concern] {
        try await store.concerns(limit: 99)
    }

    func concernOne() async throws -> Concern {
        let concerns = try await concerns()
        guard let concern = concerns.first, concerns.count == 1 else {
            throw Unexpected(description: "\(concerns.count) concerns instead of one")
        }
        return concern
    }
}
