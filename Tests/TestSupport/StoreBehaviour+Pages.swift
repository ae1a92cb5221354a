import Outbox
import Testing

extension StoreBehaviour {
    private static let sam = Agent(id: "a1", name: "Sam")

    static let pages = [
        StoreBehaviour("a page has the newest messages, and the next one those before") { bench in
            var ids: [MessageID] = []
            for _ in 0..<5 { ids.append(MessageID(rawValue: try await bench.post().rawValue)) }
            let newest = try await bench.store.page(of: .standard, before: nil, limit: 2)
            #expect(newest.messages.map(\.id) == [ids[3], ids[4]])
            #expect(newest.hasOlder)
            let middle = try await bench.store.page(of: .standard, before: ids[3], limit: 2)
            #expect(middle.messages.map(\.id) == [ids[1], ids[2]])
            #expect(middle.hasOlder)
            let oldest = try await bench.store.page(of: .standard, before: ids[1], limit: 2)
            #expect(oldest.messages.map(\.id) == [ids[0]])
            #expect(!oldest.hasOlder)
            #expect(oldest.question == ids[4])
            await #expect(throws: StoreError.notFound) {
                _ = try await bench.store.page(
                    of: ThreadName(ShopName("shop"), ThreadKey("none")), before: nil, limit: 2)
            }
        },
        StoreBehaviour("a page has what the transcript has", aftercare: .told) { bench in
            _ = try await bench.post(in: .delivered)
            _ = try await bench.write(.note, "Look here.")
            try await bench.send("Soon.", hold: .seconds(5))
            try await bench.store.link(.example(at: bench.clock.now), to: .standard)
            let page = try await bench.store.page(of: .standard, before: nil, limit: 50)
            let transcript = try await bench.transcript()
            #expect(page.messages == transcript.messages)
            #expect(page.summary == transcript.summary)
            #expect(page.conversations == transcript.conversations)
            #expect(page.customer == "7")
            #expect(page.linked == [.example(at: bench.clock.now)])
        },
        StoreBehaviour("a conversation's share of its thread ends before the next one's question") {
            bench in
            var ids: [MessageID] = []
            for reference in ["first", "second", "third"] {
                ids.append(MessageID(rawValue: try await bench.post().rawValue))
                try await bench.settle(bench.claimOne(), .delivered(reference: reference))
                #expect(try await bench.store.horizon(of: reference) == nil)
                bench.clock.advance(by: .seconds(1))
                guard reference != "third" else { break }
                try await bench.store.observe(
                    Observation(reference: reference, stage: .ended, end: .agent))
                #expect(try await bench.store.horizon(of: reference) == nil)
                bench.clock.advance(by: .seconds(1))
            }
            for (place, reference) in ["first", "second"].enumerated() {
                let horizon = try #require(try await bench.store.horizon(of: reference))
                #expect(horizon > ids[place] && horizon <= ids[place + 1])
                let page = try await bench.store.page(
                    of: .standard, before: nil, limit: 9, horizon: horizon)
                #expect(page.messages.map(\.id) == Array(ids[...place]))
                #expect(page.question == ids[place])
                #expect(page.conversations.map(\.observation.reference).last == reference)
            }
            #expect(try await bench.store.horizon(of: "unknown") == nil)
        },
        StoreBehaviour("what came before the end was seen belongs to the conversation it led to") {
            bench in
            try await bench.post()
            try await bench.settle(bench.claimOne(), .delivered(reference: "first"))
            bench.clock.advance(by: .seconds(1))
            let late = MessageID(rawValue: try await bench.post().rawValue)
            bench.clock.advance(by: .seconds(1))
            try await bench.store.observe(
                Observation(reference: "first", stage: .ended, end: .agent))
            try await bench.settle(bench.claimOne(), .delivered(reference: "second"))
            #expect(try await bench.store.horizon(of: "first") == late)
        },
        StoreBehaviour(
            "the neighbours of a conversation are the nearest on both sides, oldest first"
        ) {
            bench in
            let all = (0...ConversationNeighbours.most + 1).map { "c-\($0)" }
            var ids: [MessageID] = []
            for reference in all {
                ids.append(MessageID(rawValue: try await bench.post().rawValue))
                try await bench.settle(bench.claimOne(), .delivered(reference: reference))
                bench.clock.advance(by: .seconds(1))
            }
            func names(_ records: [ConversationRecord]) -> [String] {
                records.map(\.observation.reference)
            }
            let first = try await bench.store.neighbours(of: all[0])
            #expect(first.earlier.isEmpty && names(first.later) == Array(all[1...20]))
            let middle = try await bench.store.neighbours(of: all[5])
            #expect(names(middle.earlier) == Array(all[..<5]))
            #expect(names(middle.later) == Array(all[6...]))
            let last = try await bench.store.neighbours(of: all[21])
            #expect(names(last.earlier) == Array(all[1...20]) && last.later.isEmpty)
            for (id, reference) in zip(ids, all) {
                #expect(try await bench.store.beginning(of: reference) == id)
            }
            #expect(try await bench.store.beginning(of: "unknown") == nil)
            let none = ConversationNeighbours(earlier: [], later: [])
            #expect(try await bench.store.neighbours(of: "unknown") == none)
        },
        StoreBehaviour("what goes out again with a later conversation is of the first one's share")
        {
            bench in
            let message = MessageID(rawValue: try await bench.post().rawValue)
            try await bench.settle(bench.claimOne(), .delivered(reference: "first"))
            bench.clock.advance(by: .seconds(1))
            try await bench.store.observe(
                Observation(reference: "first", stage: .ended, end: .system))
            bench.clock.advance(by: .seconds(1))
            try await bench.store.recreate(.standard, by: "anna")
            try await bench.settle(bench.claimOne(), .delivered(reference: "second"))
            let beginning = try #require(try await bench.store.beginning(of: "second"))
            let horizon = try #require(try await bench.store.horizon(of: "first"))
            #expect(message < horizon && horizon <= beginning)
        },
        StoreBehaviour("where the clock was set back a conversation still is of its own share") {
            bench in
            bench.clock.advance(by: .seconds(3600))
            let early = MessageID(rawValue: try await bench.post().rawValue)
            try await bench.settle(bench.claimOne(), .delivered(reference: "first"))
            bench.clock.setWall(bench.clock.now + .seconds(-3600))
            try await bench.store.observe(
                Observation(reference: "first", stage: .ended, end: .agent))
            try await bench.post()
            try await bench.settle(bench.claimOne(), .delivered(reference: "second"))
            let horizon = try #require(try await bench.store.horizon(of: "first"))
            #expect(horizon > early)
            let page = try await bench.store.page(
                of: .standard, before: nil, limit: 9, horizon: horizon)
            #expect(page.conversations.map(\.observation.reference) == ["first"])
        },
        StoreBehaviour("a page tells what order the thread is about") { bench in
            var asked = Submission.example()
            asked.message.order = Order(number: "#1")
            _ = try await bench.submit(asked)
            asked.message.order = Order(number: "#2")
            _ = try await bench.submit(asked)
            let newest = try await bench.post()
            try await bench.post(direction: .system)
            let page = try await bench.store.page(of: .standard, before: nil, limit: 1)
            #expect(page.about?.order?.number == "#2")
            #expect(page.question?.rawValue == newest.rawValue)
        },
        StoreBehaviour("the customer's newest message is had alone") { bench in
            try await bench.post(direction: .system)
            #expect(try await bench.store.question(of: .standard) == nil)
            for subject in ["First", "Second"] {
                var asked = Submission.example()
                asked.message.subject = subject
                _ = try await bench.submit(asked)
                try await bench.post(direction: .staff)
                #expect(try await bench.store.question(of: .standard)?.subject == subject)
            }
            await #expect(throws: StoreError.notFound) {
                _ = try await bench.store.question(
                    of: ThreadName(ShopName("shop"), ThreadKey("none")))
            }
        },
        StoreBehaviour("a thread without an order is about its customer") { bench in
            try await bench.post(direction: .system)
            let alone = try await bench.store.page(of: .standard, before: nil, limit: 1)
            #expect(alone.about == nil)
            #expect(alone.question == nil)
            try await bench.post()
            let page = try await bench.store.page(of: .standard, before: nil, limit: 1)
            #expect(page.about?.customer.email == "erika@example.org")
        },
        StoreBehaviour("a linked conversation is there once, and who began it is recorded") {
            bench in
            try await bench.post()
            for _ in 0..<2 {
                try await bench.store.link(.example(at: bench.clock.now), to: .standard)
            }
            let page = try await bench.store.page(of: .standard, before: nil, limit: 1)
            #expect(page.linked.count == 1)
            let audit = try await bench.store.audits(of: .standard)
            #expect(audit.map(\.action) == [.linked])
            #expect(audit.map(\.actor) == ["a1"])
            await #expect(throws: StoreError.notFound) {
                try await bench.store.link(
                    .example(at: bench.clock.now),
                    to: ThreadName(ShopName("shop"), ThreadKey("none")))
            }
        },
    ]

    static let marks = [
        StoreBehaviour("a mark stays while nothing changes") { bench in
            _ = try await bench.post(in: .delivered)
            let mark = try await bench.mark()
            bench.clock.advance(by: .seconds(60))
            try await bench.post("other")
            try await bench.store.keep(.of(sam, "One.", at: bench.clock.now))
            #expect(try await bench.mark() == mark)
            await #expect(throws: StoreError.notFound) {
                _ = try await bench.store.mark(of: ThreadName(ShopName("x"), ThreadKey("thread")))
            }
        },
        StoreBehaviour("each step of an answer changes the mark", aftercare: .told) { bench in
            _ = try await bench.post(in: .delivered)
            _ = try await bench.events()
            try await bench.differs("written") { try await bench.send("One.") }
            var claim = try await bench.differs("sending") {
                try await bench.claimOne(from: [.callback])
            }
            try await bench.differs("again") {
                try await bench.retry(claim, after: .seconds(0))
            }
            claim = try await bench.differs("sending") {
                try await bench.claimOne(from: [.callback])
            }
            try await bench.differs("dead") {
                try await bench.settle(claim, .dead(reason: "no"))
            }
            let dead = claim.deliveries[0].entry.id
            try await bench.differs("retried") {
                _ = try await bench.store.perform(.retry(mayDouble: false), on: dead, by: "anna")
            }
            claim = try await bench.differs("sending") {
                try await bench.claimOne(from: [.callback])
            }
            try await bench.differs("delivered") {
                try await bench.settle(claim, .delivered(reference: nil))
            }
            let held = try await bench.send("Two.", hold: .seconds(5))
            try await bench.differs("discarded") {
                _ = try await bench.store.perform(
                    .discard, on: EntryID(firstOf: held), by: "anna")
            }
        },
        StoreBehaviour("what happens behind a lane's first entry changes the mark") { bench in
            try await bench.post()
            let second = try await bench.post()
            try await bench.differs("discarded") {
                _ = try await bench.store.perform(.discard, on: second, by: "anna")
            }
        },
        StoreBehaviour("a look that only says more changes the mark") { bench in
            _ = try await bench.post(in: .inDoubt)
            bench.clock.advance(by: .seconds(5))
            let look = try await bench.lookOne()
            try await bench.differs("looked for") {
                try await bench.store.settle(
                    look, .inDoubt(reason: "still", lookAt: bench.clock.now))
            }
        },
        StoreBehaviour("conversations, concerns and audit records change the mark") { bench in
            _ = try await bench.post(in: .delivered)
            try await bench.differs("taken") {
                try await bench.store.observe(.seen(.withAgent, agent: sam))
            }
            try await bench.differs("another agent") {
                try await bench.store.observe(.seen(.withAgent, agent: Agent(id: "a2")))
            }
            try await bench.differs("note") { _ = try await bench.write(.note) }
            try await bench.differs("ended") {
                try await bench.store.observe(.ended(by: .agent, agent: sam))
            }
            try await bench.differs("linked") {
                try await bench.store.link(.example(at: bench.clock.now), to: .standard)
            }
            try await bench.differs("dismissed") {
                try await bench.store.dismiss(.standard, because: "x", seen: nil, by: "a1")
            }
            try await bench.differs("asked again") { try await bench.post() }
        },
    ]

    static let lists = [
        StoreBehaviour("who waits stands in the order of waiting, in pages that are stable") {
            bench in
            for name in ["a", "b", "c", "d"] {
                try await bench.post(name)
                if name == "b" { bench.clock.advance(by: .seconds(1)) }
            }
            let first = try await bench.store.threads(.waiting, after: nil, limit: 2)
            #expect(first.map(\.summary.thread.key.description) == ["a", "b"])
            #expect(first.allSatisfy { $0.message?.body == "Where is my order?" })
            #expect(first.allSatisfy { $0.route == .default && $0.conversation == nil })
            // Who came later does not move them.
            try await bench.post("e")
            let second = try await bench.store.threads(
                .waiting, after: first.last?.place, limit: 2)
            #expect(second.map(\.summary.thread.key.description) == ["c", "d"])
            let third = try await bench.store.threads(
                .waiting, after: second.last?.place, limit: 2)
            #expect(third.map(\.summary.thread.key.description) == ["e"])
            #expect(try await bench.names(.open).isEmpty)
        },
        StoreBehaviour("a thread is in a list once, and says why") { bench in
            _ = try await bench.post(in: .delivered)
            #expect(try await bench.names(.open) == ["thread"])
            try await bench.post()
            try await bench.settle(bench.claimOne(), .delivered(reference: "second"))
            let open = try await bench.store.threads(.open, after: nil, limit: 9)
            #expect(open.map(\.conversation?.observation.reference) == ["second"])
            #expect(open.map(\.place.since) == [bench.clock.now])
            try await bench.store.observe(.ended(by: .customer))
            try await bench.store.observe(.ended(by: .customer, "second"))
            #expect(try await bench.names(.open).isEmpty)
            let unanswered = try await bench.store.threads(.unanswered, after: nil, limit: 9)
            #expect(unanswered.count == 1)
            #expect(unanswered[0].reason?.contains("before any agent") == true)
            #expect(unanswered[0].conversation?.observation.stage == .ended)
            #expect(try await bench.names(.waiting) == ["thread"])
        },
        StoreBehaviour("a thread with two refused answers is refused once", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            _ = try await bench.events()
            for reason in ["first", "second"] {
                try await bench.send("One.")
                try await bench.settle(
                    bench.claimOne(from: [.callback]), .dead(reason: reason))
                bench.clock.advance(by: .seconds(1))
            }
            let refused = try await bench.store.threads(.refused, after: nil, limit: 9)
            #expect(refused.map(\.reason) == ["first"])
            #expect(try await bench.names(.unanswered).isEmpty)
            let place = refused.first?.place
            #expect(try await bench.store.threads(.refused, after: place, limit: 9).isEmpty)
        },
        StoreBehaviour("open threads come in pages too") { bench in
            for name in ["b", "a", "c"] {
                try await bench.post(name)
                try await bench.settle(bench.claimOne(), .delivered(reference: name))
            }
            let first = try await bench.store.threads(.open, after: nil, limit: 2)
            #expect(first.map(\.summary.thread.key.description) == ["b", "a"])
            let second = try await bench.store.threads(.open, after: first.last?.place, limit: 2)
            #expect(second.map(\.summary.thread.key.description) == ["c"])
        },
    ]
}

extension Workbench {
    func mark() async throws(StoreError) -> String { try await store.mark(of: .standard) }

    func names(_ list: ThreadList) async throws(StoreError) -> [String] {
        try await store.threads(list, after: nil, limit: 99)
            .map(\.summary.thread.key.description)
    }

    /// Does something that has to change the mark.
    @discardableResult
    func differs<Value>(
        _ step: Comment, _ body: () async throws -> Value
    ) async throws -> Value {
        let before = try await mark()
        let value = try await body()
        #expect(try await mark() != before, step)
        return value
    }
}
