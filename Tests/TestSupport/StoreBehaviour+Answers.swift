import Outbox
import Testing

extension StoreBehaviour {
    static let answers = [
        StoreBehaviour(
            "an answer goes to the shop, and answers once the shop has it", aftercare: .told
        ) { bench in
            let question = try await bench.post(in: .delivered)
            _ = try await bench.events()
            let answer = try await bench.answer(seen: question)
            #expect(try await bench.transcript().summary.awaiting == .agent)
            let claim = try await bench.claimOne(from: [.callback])
            #expect(claim.deliveries.map(\.entry.id) == [answer])
            let message = claim.deliveries[0].content?.message
            #expect(message?.direction == .staff)
            #expect(message?.body == "On its way.")
            #expect(
                message?.authorship
                    == Authorship(
                        agent: Agent(id: "a1", name: "Sam"), conversation: "conversation"))
            #expect(message?.customer.email == "erika@example.org")
            bench.clock.advance(by: .seconds(3))
            try await bench.settle(claim, .delivered(reference: nil))
            #expect(try await bench.transcript().summary.status == .answered)
            #expect(try await bench.transcript().summary.since == bench.clock.now)
            #expect(try await bench.events().compactMap(\.status) == [.answered])
        },
        StoreBehaviour("without a callback an answer is there to be read at once") { bench in
            _ = try await bench.post(in: .delivered)
            let answer = try await bench.answer()
            #expect(try await bench.transcript().summary.status == .answered)
            await #expect(throws: StoreError.notFound) { try await bench.entry(answer) }
        },
        StoreBehaviour("an answer names the message it answers", aftercare: .told) { bench in
            var submission = Submission.example(key: "evt-1")
            submission.message.shopID = "m-57"
            _ = try await bench.submit(submission)
            _ = try await bench.answer()
            let message = try await bench.claimOne(from: [.callback]).deliveries[0].content?.message
            #expect(message?.inReplyTo == "m-57")
            #expect(message?.authorship?.event == "evt-1")
        },
        StoreBehaviour("the same answer sent twice is one") { bench in
            try await bench.post()
            guard case .accepted(let id) = try await bench.write(.answer, "Yes.", key: "k") else {
                throw Unexpected(description: "not accepted")
            }
            try await bench.post()
            #expect(
                try await bench.write(.answer, "Yes.", key: "k")
                    == .duplicate(of: id, thread: ThreadKey("thread")))
            await #expect(throws: StoreError.conflict(with: id)) {
                try await bench.write(.answer, "No.", key: "k")
            }
            #expect(try await bench.transcript().messages.count == 3)
            // A shop's own keys are others.
            guard case .accepted = try await bench.submit(.example(key: "k")) else {
                throw Unexpected(description: "an agent's key is a shop's")
            }
        },
        StoreBehaviour("an answer to less than the customer wrote is refused, a note is not") {
            bench in
            let seen = try await bench.post()
            let newer = try await bench.post()
            let again = MessageID(rawValue: newer.rawValue)
            await #expect(throws: StoreError.wroteAgain(again)) {
                try await bench.write(.answer, seen: seen)
            }
            await #expect(throws: StoreError.wroteAgain(again)) {
                try await bench.store.dismiss(
                    .standard, because: "thanks", seen: MessageID(rawValue: seen.rawValue),
                    by: "a1")
            }
            #expect(try await bench.transcript().messages.count == 2)
            _ = try await bench.write(.note, seen: seen)
            _ = try await bench.write(.answer, seen: newer)
            #expect(try await bench.transcript().messages.count == 4)
        },
        StoreBehaviour("a customer who wrote after an answer still waits", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            _ = try await bench.answer()
            try await bench.post()
            for claim in try await bench.claim(9, from: [.callback]) {
                try await bench.settle(claim, .delivered(reference: nil))
            }
            #expect(try await bench.transcript().summary.awaiting == .agent)
        },
        StoreBehaviour("nobody answers where there is no thread") { bench in
            await #expect(throws: StoreError.notFound) { try await bench.write(.answer) }
            await #expect(throws: StoreError.notFound) {
                try await bench.store.dismiss(.standard, because: "x", seen: nil, by: "a1")
            }
            await #expect(throws: StoreError.notFound) {
                try await bench.store.close(.standard, by: "shop")
            }
        },
        StoreBehaviour(
            "a thread that needs no answer is closed, and who said so is kept", aftercare: .told
        ) { bench in
            _ = try await bench.post(in: .delivered)
            _ = try await bench.events()
            try await bench.store.dismiss(.standard, because: "said thanks", seen: nil, by: "a1")
            #expect(try await bench.transcript().summary.status == .closed)
            #expect(try await bench.events().compactMap(\.status) == [.closed])
            let audit = try await bench.store.audits(of: .standard)
            #expect(audit.map(\.action) == [.dismissed])
            #expect(audit[0].detail == "said thanks")
            try await bench.post()
            #expect(try await bench.transcript().summary.awaiting == .agent)
        },
        StoreBehaviour("who did what is kept in order") { bench in
            _ = try await bench.post(in: .delivered)
            let read = AuditRecord(at: bench.clock.now, action: .read, actor: "a1")
            try await bench.store.audit(read, in: .standard)
            _ = try await bench.write(.note)
            let answer = try await bench.answer()
            let audit = try await bench.store.audits(of: .standard)
            #expect(audit.map(\.action) == [.read, .noted, .answered])
            #expect(audit.allSatisfy { $0.actor == "a1" })
            #expect(audit[2].message?.rawValue == answer.rawValue)
        },
    ]

    static let closings = [
        StoreBehaviour("a shop that closes a thread discards what waits, and ends what is live") {
            bench in
            _ = try await bench.post(in: .delivered)
            let waiting = [try await bench.post(), try await bench.post()]
            try await bench.store.close(.standard, by: "shop")
            for id in waiting { #expect(try await bench.state(id) == .discarded) }
            let claim = try await bench.joinOne()
            guard case .event(let event)? = claim.deliveries.first?.content else {
                throw Unexpected(description: "\(claim)")
            }
            #expect(event.name == .threadClose)
            #expect(claim.standing.live == "conversation")
            #expect(claim.deliveries.count == 1)
            #expect(try await bench.transcript().summary.status == .closed)
            try await bench.settle(claim, .delivered(reference: nil))
            #expect(try await bench.store.audits(of: .standard).map(\.action) == [.closed])
        },
        StoreBehaviour("with nothing live there is nothing to end") { bench in
            let id = try await bench.post()
            try await bench.store.close(.standard, by: "shop")
            #expect(try await bench.state(id) == .discarded)
            #expect(try await bench.claim().isEmpty)
            #expect(try await bench.transcript().summary.status == .closed)
        },
        StoreBehaviour("what is under way as a thread is closed is ended after it") { bench in
            try await bench.post()
            let claim = try await bench.joinOne()
            try await bench.store.close(.standard, by: "shop")
            #expect(try await bench.claim().isEmpty)
            try await bench.settle(claim, .delivered(reference: "late"))
            let closing = try await bench.joinOne()
            #expect(closing.standing.live == "late")
            #expect(closing.deliveries.first?.content?.message == nil)
        },
        StoreBehaviour("an order to close ends what was live then, and nothing later") { bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.close(.standard, by: "shop")
            let closing = try await bench.joinOne()
            try await bench.settle(closing, .dead(reason: "refused"))
            try await bench.store.observe(.ended(by: .system))
            try await bench.post()
            try await bench.settle(bench.joinOne(), .delivered(reference: "new"))
            #expect(try await bench.store.retryDead(limit: 9, by: "anna") == 1)
            #expect(try await bench.joinOne().standing.live == "conversation")
        },
        StoreBehaviour("a shop that wants no answers called reads them", aftercare: .events) {
            bench in
            _ = try await bench.post(in: .delivered)
            _ = try await bench.answer()
            #expect(try await bench.transcript().summary.status == .answered)
        },
        StoreBehaviour("a closed thread opens with a new message, behind the order to close") {
            bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.close(.standard, by: "shop")
            let id = try await bench.post()
            let closing = try await bench.joinOne()
            #expect(closing.deliveries.count == 1)
            #expect(try await bench.transcript().summary.awaiting == .agent)
            try await bench.settle(closing, .delivered(reference: nil))
            try await bench.store.observe(.ended(by: .customer))
            let claim = try await bench.joinOne()
            #expect(claim.deliveries.map(\.entry.id) == [id])
            #expect(claim.standing.live == nil)
        },
    ]
}
