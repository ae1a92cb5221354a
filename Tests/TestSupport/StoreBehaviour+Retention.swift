import Outbox
import Testing

extension StoreBehaviour {
    static let retention = [
        StoreBehaviour("the history of what is done with goes, the newest change stays") { bench in
            let delivered = try await bench.post("a", in: .delivered)
            let discarded = try await bench.post("b", in: .discarded)
            bench.clock.advance(by: .seconds(100))
            #expect(try await bench.prune(history: 100) == Pruned())
            #expect(try await bench.prune(history: 99) == Pruned(changes: 4))
            #expect(try await bench.store.changes(after: 0, limit: 99).map(\.sequence) == [5])
            #expect(try await bench.prune(history: 99) == Pruned())
            #expect(try await bench.store.summary().lastChange == 5)
            #expect(try await bench.store.entry(delivered).attempts.isEmpty)
            #expect(try await bench.entry(delivered).reference == "conversation")
            #expect(try await bench.state(discarded) == .discarded)
            try await bench.post("c")
            #expect(try await bench.store.changes(after: 0, limit: 99).map(\.sequence) == [5, 6])
        },
        StoreBehaviour("of what is not done with nothing goes, nor of its thread") { bench in
            for state: EntryState in [.sending, .inDoubt, .held, .dead, .pending] {
                let settled = try await bench.post("\(state)", in: .delivered)
                let id = try await bench.post("\(state)", in: state)
                let record = try await bench.store.entry(id)
                let changes = try await bench.changes(of: id)
                try await bench.goOn()
                bench.clock.advance(by: .seconds(100))
                #expect(
                    try await bench.prune(history: 1, threads: 1) == Pruned(changes: 3), "\(state)")
                #expect(try await bench.store.entry(id) == record, "\(state)")
                #expect(try await bench.changes(of: id) == changes, "\(state)")
                #expect(try await bench.state(settled) == .delivered, "\(state)")
            }
        },
        StoreBehaviour("what is still to be looked for is not done with") { bench in
            let id = try await bench.post()
            let later = bench.clock.now + .seconds(5)
            try await bench.settle(
                bench.claimOne(), .delivered(reference: "c", note: nil, lookAt: later))
            try await bench.goOn()
            bench.clock.advance(by: .seconds(100))
            #expect(try await bench.prune(history: 50, threads: 50) == Pruned())
            let look = try await bench.lookOne()
            #expect(look.attemptedAt == later + .seconds(-5))
            try await bench.store.settle(look, .delivered(reference: "c"))
            #expect(
                try await bench.prune(history: 50, threads: 50)
                    == Pruned(changes: 3, threads: 1, messages: 1))
            await #expect(throws: StoreError.notFound) { try await bench.entry(id) }
        },
        StoreBehaviour("a thread goes as a whole, once its newest message is old") { bench in
            let first = try await bench.post(in: .delivered)
            try await bench.post(direction: .staff)
            bench.clock.advance(by: .seconds(60))
            try await bench.post(direction: .system)
            try await bench.goOn()
            bench.clock.advance(by: .seconds(40))
            #expect(try await bench.prune(history: 1, threads: 40).threads == 0)
            #expect(
                try await bench.prune(history: 1, threads: 39)
                    == Pruned(threads: 1, messages: 3))
            await #expect(throws: StoreError.notFound) { try await bench.entry(first) }
            await #expect(throws: StoreError.notFound) {
                _ = try await bench.store.receipt(
                    of: MessageID(rawValue: first.rawValue), in: ShopName("shop"))
            }
            let found = try await bench.store.entries(EntryQuery(thread: ThreadKey("thread")))
            #expect(found.isEmpty)
        },
        StoreBehaviour("what a dropped thread was counted for is not counted any more") { bench in
            _ = try await bench.post(in: .delivered)
            let other = try await bench.post("other")
            bench.clock.advance(by: .seconds(100))
            #expect(try await bench.prune(history: 1, threads: 1).messages == 1)
            let summary = try await bench.store.summary()
            #expect(summary.counts[.delivered] == 0)
            #expect(summary.counts[.pending] == 1)
            #expect(summary.awaitingAgent == 1)
            #expect(summary.awaitingAgentSince == other.drawnAt)
            #expect(bench.store.load.pending == 1)
        },
        StoreBehaviour("the changes of a dropped thread are not told any more") { bench in
            _ = try await bench.post(in: .discarded)
            bench.clock.advance(by: .seconds(100))
            #expect(
                try await bench.prune(history: 1000, threads: 1)
                    == Pruned(threads: 1, messages: 1))
            #expect(try await bench.store.changes(after: 0, limit: 99).isEmpty)
            let id = try await bench.post()
            #expect(
                try await bench.store.changes(after: 0, limit: 99).map(\.entry) == [id])
            #expect(try await bench.prune(history: 1) == Pruned(changes: 2))
        },
        StoreBehaviour("what ended late keeps its history, and its thread") { bench in
            let id = try await bench.post(in: .held)
            bench.clock.advance(by: .seconds(100))
            _ = try await bench.store.perform(.delivered(reference: "seen"), on: id, by: "anna")
            try await bench.goOn()
            bench.clock.advance(by: .seconds(20))
            #expect(try await bench.prune(history: 20, threads: 50) == Pruned(changes: 3))
            #expect(try await bench.store.entry(id).attempts.count == 1)
            bench.clock.advance(by: .seconds(1))
            #expect(
                try await bench.prune(history: 20, threads: 50)
                    == Pruned(changes: 1, threads: 1, messages: 1))
        },
        StoreBehaviour("a thread whose lane a person holds stays") { bench in
            let id = try await bench.post(in: .discarded)
            let lane = try await bench.entry(id).lane
            try await bench.store.setHold(true, on: lane, by: "anna")
            bench.clock.advance(by: .seconds(100))
            #expect(try await bench.prune(history: 1, threads: 1).threads == 0)
            #expect(try await bench.store.entry(id).laneHeld)
            try await bench.store.setHold(false, on: lane, by: "anna")
            #expect(try await bench.prune(history: 1, threads: 1).threads == 1)
        },
        StoreBehaviour("a key is known as long as its message is kept") { bench in
            let keyed = Submission.example(key: "k", direction: .staff)
            let first = try await bench.submit(keyed)
            guard case .accepted(let message) = first else { throw Unexpected(description: "no") }
            bench.clock.advance(by: .seconds(100))
            _ = try await bench.prune(history: 1, threads: 100)
            #expect(
                try await bench.submit(keyed) == .duplicate(of: message, thread: keyed.thread))
            #expect(try await bench.prune(history: 1, threads: 99).messages == 1)
            guard case .accepted(let second) = try await bench.submit(keyed) else {
                throw Unexpected(description: "no")
            }
            #expect(second > message)
        },
        StoreBehaviour("with a thread goes all that was told and done in it", aftercare: .told) {
            bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.observe(.ended(by: .system))
            try await bench.store.recreate(.standard, by: "anna")
            try await bench.settle(bench.claimOne(), .delivered(reference: "second"))
            let answer = try await bench.answer()
            #expect(try await bench.events().count == 5)
            #expect(try await bench.state(answer) == .delivered)
            try await bench.store.observe(.ended(by: .agent, "second"))
            _ = try await bench.events()
            try await bench.goOn()
            bench.clock.advance(by: .seconds(100))
            let dropped = try await bench.prune(history: 1, threads: 1)
            #expect(dropped.threads == 1)
            #expect(dropped.messages == 2)
            await #expect(throws: StoreError.notFound) { try await bench.transcript() }
            #expect(
                try await bench.store.entries(EntryQuery()).map(\.thread.description) == [
                    "going on"
                ])
            #expect(
                try await bench.store.threads(of: "7", in: ShopName("shop"), limit: 9).count == 1)
        },
        StoreBehaviour("a thread somebody has to see to stays") { bench in
            _ = try await bench.post(in: .delivered)
            try await bench.store.observe(.ended(by: .customer))
            try await bench.goOn()
            bench.clock.advance(by: .seconds(100))
            #expect(try await bench.prune(history: 1, threads: 1).threads == 0)
            try await bench.store.dismiss(.standard, because: "x", seen: nil, by: "a1")
            #expect(try await bench.prune(history: 1, threads: 1).threads == 1)
        },
        StoreBehaviour("a large thread goes in steps, its oldest messages first") { bench in
            var ids: [EntryID] = []
            for _ in 0..<5 { ids.append(try await bench.post(in: .discarded)) }
            try await bench.post("later", direction: .staff)
            bench.clock.advance(by: .seconds(100))
            let cutoff = Retention(history: .seconds(1), threads: .seconds(1))
                .cutoff(at: bench.clock.now)
            var place: PruningPlace? = .threads(after: 0)
            var counts: [Int] = []
            while let current = place, current != .files {
                let page = try await bench.store.prune(before: cutoff, at: current, limit: 2)
                place = page.next
                counts.append(page.dropped.messages)
                let left = try await bench.store.entries(EntryQuery()).map(\.id)
                #expect(left == Array(ids.dropFirst(counts.reduce(0, +)).reversed()))
            }
            #expect(counts == [2, 2, 2, 0])
            #expect(try await bench.store.summary().counts[.discarded] == 0)
        },
        StoreBehaviour("a thread that was dropped in part goes on with a new message") { bench in
            for _ in 0..<3 { _ = try await bench.post(in: .discarded) }
            bench.clock.advance(by: .seconds(100))
            let cutoff = Retention(history: .seconds(1), threads: .seconds(1))
                .cutoff(at: bench.clock.now)
            let page = try await bench.store.prune(
                before: cutoff, at: .threads(after: 0), limit: 2)
            #expect(page.dropped == Pruned(messages: 2))
            let new = try await bench.post()
            #expect(try await bench.prune(history: 1, threads: 1).messages == 0)
            #expect(try await bench.store.entries(EntryQuery()).count == 2)
            #expect(try await bench.claimOne().deliveries.map(\.entry.id) == [new])
        },
    ]
}

extension Workbench {
    /// Runs a round of small pages; the numbers are seconds.
    func prune(history: Int, threads: Int = 1_000_000) async throws -> Pruned {
        let cutoff = Retention(history: .seconds(history), threads: .seconds(threads))
            .cutoff(at: clock.now)
        var dropped = Pruned()
        var place: PruningPlace? = .start
        while let current = place {
            let page = try await store.prune(before: cutoff, at: current, limit: 2)
            guard page.next != current || page.dropped != Pruned() else {
                throw Unexpected(description: "it stands still at \(current)")
            }
            dropped += page.dropped
            place = page.next
        }
        return dropped
    }

    /// Makes a newer change, so that none of the others is kept as the newest.
    func goOn() async throws { try await post("going on", route: .other) }

    func changes(of entry: EntryID) async throws -> [Change] {
        try await store.changes(after: 0, limit: 999).filter { $0.entry == entry }
    }
}
