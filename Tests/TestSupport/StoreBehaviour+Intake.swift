import Outbox
import Testing

extension StoreBehaviour {
    static let intake = [
        StoreBehaviour("a repeat of a key is answered with the first message") { bench in
            let first = try await bench.submit(.example(thread: "a", key: "k"))
            let second = try await bench.submit(.example(thread: "b", key: "k"))
            guard case .accepted(let message) = first else { throw Unexpected(description: "no") }
            #expect(second == .duplicate(of: message, thread: ThreadKey("a")))
            #expect(try await bench.store.entries(EntryQuery()).count == 1)
            #expect(try await bench.store.summary().awaitingAgent == 1)
        },
        StoreBehaviour("a key used for another body is a conflict and changes nothing") { bench in
            guard case .accepted(let message) = try await bench.submit(.example(key: "k")) else {
                throw Unexpected(description: "no")
            }
            let before = try await bench.store.summary()
            await #expect(throws: StoreError.conflict(with: message)) {
                _ = try await bench.submit(.example(thread: "b", key: "k", digest: [9]))
            }
            #expect(try await bench.store.summary() == before)
        },
        StoreBehaviour("without a key every post is a message of its own") { bench in
            let ids = [try await bench.post(), try await bench.post()]
            #expect(Set(ids).count == 2)
            #expect(ids[0] < ids[1])
        },
        StoreBehaviour("what concerns one shop is unseen by another") { bench in
            let one = try await bench.submit(.example(thread: "t", shop: "one", key: "k"))
            let two = try await bench.submit(
                .example(thread: "t", shop: "two", key: "k", digest: [9]))
            guard case .accepted(let first) = one, case .accepted(let second) = two else {
                throw Unexpected(description: "no")
            }
            let claims = try await bench.claim()
            #expect(claims.count == 2)
            #expect(Set(claims.map(\.lane)).count == 2)
            #expect(
                claims.compactMap(\.deliveries.first?.entry.shop.description) == ["one", "two"])
            #expect(try await bench.store.summary().awaitingAgent == 2)
            let receipt = try await bench.store.receipt(of: first, in: ShopName("one"))
            #expect(receipt.state == .sending)
            for (message, shop) in [(first, "two"), (second, "one"), (first, "none")] {
                await #expect(throws: StoreError.notFound) {
                    _ = try await bench.store.receipt(of: message, in: ShopName(shop))
                }
            }
        },
        StoreBehaviour("500 posts at the same time are 500 messages") { bench in
            let ids = try await withThrowingTaskGroup(of: EntryID.self) { group in
                for number in 0..<500 {
                    group.addTask { try await bench.post("thread \(number % 50)") }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(ids.count == 500)
            #expect(try await bench.store.summary().counts[.pending] == 500)
            #expect(try await bench.claim(1000).count == 50)
        },
        StoreBehaviour("a repeat at the same time as its first is one message") { bench in
            let answers = try await withThrowingTaskGroup(of: Acceptance.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await bench.submit(.example(key: "k")) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let accepted = answers.filter { if case .accepted = $0 { true } else { false } }
            #expect(accepted.count == 1)
            #expect(try await bench.store.entries(EntryQuery()).count == 1)
        },
        StoreBehaviour("the message comes out as it went in") { bench in
            let submission = Submission.example(body: "Grüße 🎈\t\"\n")
            _ = try await bench.submit(submission)
            let claim = try await bench.claimOne()
            #expect(claim.deliveries.first?.content == .message(submission.message))
        },
        StoreBehaviour("staff and system messages join the transcript only") { bench in
            let staff = try await bench.post("a", direction: .staff)
            try await bench.post("b", direction: .system)
            #expect(try await bench.claim().isEmpty)
            #expect(try await bench.store.entries(EntryQuery()).isEmpty)
            let receipt = try await bench.store.receipt(
                of: MessageID(rawValue: staff.rawValue), in: ShopName("shop"))
            #expect(receipt.state == nil)
            #expect(receipt.acceptedAt == bench.clock.now)
        },
        StoreBehaviour("a thread awaits whoever has not written last") { bench in
            let start = bench.clock.now
            try await bench.post("a", direction: .system)
            #expect(try await bench.store.summary().awaitingAgent == 0)
            try await bench.post("a")
            bench.clock.advance(by: .seconds(60))
            try await bench.post("a")
            try await bench.post("b")
            try await bench.post("a", direction: .system)
            var summary = try await bench.store.summary()
            #expect(summary.awaitingAgent == 2)
            #expect(summary.awaitingAgentSince == start)
            try await bench.post("a", direction: .staff)
            summary = try await bench.store.summary()
            #expect(summary.awaitingAgent == 1)
            #expect(summary.awaitingAgentSince == start + .seconds(60))
            bench.clock.advance(by: .seconds(60))
            try await bench.post("b", direction: .staff)
            try await bench.post("a")
            summary = try await bench.store.summary()
            #expect(summary.awaitingAgent == 1)
            #expect(summary.awaitingAgentSince == start + .seconds(120))
        },
        StoreBehaviour("a store belongs to the first organisation it is bound to") { bench in
            let first = Binding(organization: "o", provider: "p")
            try await bench.store.bind(to: first)
            try await bench.store.bind(to: first)
            for other in [
                Binding(organization: "x", provider: "p"),
                Binding(organization: "o", provider: "x"),
            ] {
                await #expect(throws: StoreError.boundElsewhere(first)) {
                    try await bench.store.bind(to: other)
                }
            }
        },
        StoreBehaviour("an operation of a cancelled task runs to its end") { bench in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await bench.post()
            }
            let id = try await task.value
            #expect(try await bench.state(id) == .pending)
        },
        StoreBehaviour("a new listener is told at once, and then after a commit") { bench in
            var ticks = bench.store.ticks().makeAsyncIterator()
            #expect(await ticks.next() != nil)
            try await bench.post()
            #expect(await ticks.next() != nil)
        },
    ]
}
