import Outbox
import Testing

extension StoreBehaviour {
    static let looks = [
        StoreBehaviour("looks come oldest due first, no more than asked") { bench in
            var ids: [EntryID] = []
            for number in 0..<5 {
                ids.append(try await bench.post("thread \(number)", in: .inDoubt))
                bench.clock.advance(by: .seconds(1))
            }
            #expect(try await bench.looks().map(\.entry.id) == [ids[0]])
            bench.clock.advance(by: .seconds(3))
            let two = try await bench.store.looks(to: .genesys, limit: 2)
            #expect(two.looks.map(\.entry.id) == Array(ids.prefix(2)))
            #expect(two.nextDue == bench.clock.now + .seconds(-1))
            let all = try await bench.store.looks(to: .genesys, limit: 9)
            #expect(all.looks.map(\.entry.id) == Array(ids.prefix(4)))
            #expect(all.nextDue == bench.clock.now + .seconds(1))
            #expect(try await bench.store.looks(to: .genesys, limit: 0).looks.isEmpty)
        },
        StoreBehaviour("looks are of the destination that is asked for") { bench in
            let shop = DestinationName("shop")
            let route = Route(.default, to: shop)
            let id = try await bench.post(route: route)
            try await bench.settle(
                bench.claimOne(from: [route]), .doubtful(at: bench.clock.now))
            #expect(try await bench.store.looks(to: .genesys, limit: 9) == .none)
            let looks = try await bench.store.looks(to: shop, limit: 9).looks
            #expect(looks.map(\.entry.id) == [id])
            #expect(looks.map(\.route) == [route])
        },
        StoreBehaviour("a look that shows nothing is no change, and counts if it was made") {
            bench in
            let id = try await bench.post(in: .inDoubt)
            bench.clock.advance(by: .seconds(5))
            let first = try await bench.lookOne()
            let changes = try await bench.store.changes(after: 0, limit: 99)
            let attempts = try await bench.store.entry(id).attempts
            let next = bench.clock.now + .seconds(10)
            try await bench.store.settle(
                first, .inDoubt(reason: "no answer", lookAt: next, counts: false))
            #expect(try await bench.store.looks(to: .genesys, limit: 9).nextDue == next)
            bench.clock.advance(by: .seconds(10))
            let second = try await bench.lookOne()
            #expect(second.number == 0)
            #expect(second.entry.reason == "no answer")
            try await bench.store.settle(
                second, .inDoubt(reason: "not seen", lookAt: bench.clock.now))
            let third = try await bench.lookOne()
            #expect(third.number == 1)
            #expect(third.since == first.since)
            #expect(third.entry.reason == "not seen")
            #expect(third.entry.tries == 1)
            #expect(third.entry.doubts == 1)
            #expect(try await bench.store.changes(after: 0, limit: 99) == changes)
            #expect(try await bench.store.entry(id).attempts == attempts)
            #expect(try await bench.claim().isEmpty)
        },
        StoreBehaviour("a look is settled once") { bench in
            let id = try await bench.post(in: .inDoubt)
            bench.clock.advance(by: .seconds(5))
            let look = try await bench.lookOne()
            try await bench.store.settle(look, .inDoubt(reason: "r", lookAt: bench.clock.now))
            let before = try await bench.store.entry(id)
            await #expect(throws: StoreError.stale) {
                try await bench.store.settle(look, .delivered(reference: "late"))
            }
            #expect(try await bench.store.entry(id) == before)
            try await bench.store.settle(bench.lookOne(), .absent(at: bench.clock.now))
            try await bench.settle(bench.claimOne(), .doubtful(at: bench.clock.now))
            await #expect(throws: StoreError.stale) {
                try await bench.store.settle(look, .delivered(reference: "of another doubt"))
            }
            #expect(try await bench.state(id) == .inDoubt)
        },
        StoreBehaviour("a look leads to the verdict's state, as a change") { bench in
            let verdicts: [Verdict] = [
                .delivered(reference: "found"),
                .delivered(reference: "found", note: "there were two"),
                .absent(at: bench.clock.now + .seconds(5)), .resend(reason: "nobody can tell"),
                .held(reason: "undecidable"), .dead(reason: "too old"),
            ]
            for (number, verdict) in verdicts.enumerated() {
                let thread = "thread \(number)"
                let id = try await bench.post(thread, in: .inDoubt)
                let next = try await bench.post(thread)
                bench.clock.advance(by: .seconds(5))
                let sequence = try await bench.store.summary().lastChange
                let attempts = try await bench.store.entry(id).attempts
                try await bench.store.settle(bench.lookOne(), verdict)
                let entry = try await bench.entry(id)
                #expect(entry.state == verdict.state)
                #expect(entry.tries == 1)
                #expect(entry.doubts == 1)
                #expect(try await bench.store.entry(id).attempts == attempts)
                let changes = try await bench.store.changes(after: sequence, limit: 9)
                #expect(changes.map(\.state) == [verdict.state])
                #expect(changes.map(\.reason) == [entry.reason])
                #expect(try await bench.store.looks(to: .genesys, limit: 9) == .none)
                switch verdict {
                case .delivered(let reference, let note, _):
                    #expect(entry.reference == reference)
                    #expect(entry.reason == note)
                case .retry(let due, _, _):
                    #expect(entry.dueAt == due)
                default:
                    #expect(entry.isPossibleDuplicate == (entry.state == .pending))
                }
                let claimed = try await bench.claim().flatMap { $0.deliveries.map(\.entry.id) }
                switch entry.state {
                case .pending: #expect(claimed == [id])
                case .held: #expect(claimed == [])
                default: #expect(claimed == [next])
                }
            }
        },
        StoreBehaviour("what was delivered after a doubt is looked for once more") { bench in
            let id = try await bench.post()
            let lookAt = bench.clock.now + .seconds(300)
            try await bench.settle(
                bench.claimOne(), .delivered(reference: "one", note: "again", lookAt: lookAt))
            #expect(try await bench.entry(id).reason == "again")
            #expect(try await bench.store.looks(to: .genesys, limit: 9).nextDue == lookAt)
            bench.clock.advance(by: .seconds(300))
            let sequence = try await bench.store.summary().lastChange
            let first = try await bench.lookOne()
            #expect(first.entry.state == .delivered)
            try await bench.store.settle(
                first, .delivered(reference: "one", lookAt: bench.clock.now))
            await #expect(throws: StoreError.stale) {
                try await bench.store.settle(first, .delivered(reference: "late"))
            }
            #expect(try await bench.store.summary().lastChange == sequence)
            #expect(try await bench.entry(id).reason == "again")
            let second = try await bench.lookOne()
            #expect(second.number == 1)
            try await bench.store.settle(
                second, .delivered(reference: "two", note: "the older one stays"))
            let entry = try await bench.entry(id)
            #expect(entry.state == .delivered)
            #expect(entry.reference == "two")
            #expect(entry.reason == "the older one stays")
            let changes = try await bench.store.changes(after: sequence, limit: 9)
            #expect(changes.map(\.state) == [.delivered])
            #expect(changes.map(\.reason) == ["the older one stays"])
            #expect(try await bench.store.looks(to: .genesys, limit: 9) == .none)
            #expect(try await bench.store.summary().counts[.delivered] == 1)
        },
        StoreBehaviour("what is delivered stays so, whatever a look shows") { bench in
            let id = try await bench.post()
            try await bench.settle(
                bench.claimOne(), .delivered(reference: "one", lookAt: bench.clock.now))
            let look = try await bench.lookOne()
            for verdict in [Verdict.absent(at: bench.clock.now), .held(reason: "r")] {
                await #expect {
                    try await bench.store.settle(look, verdict)
                } throws: { error in
                    if case .notAllowed = error as? StoreError { true } else { false }
                }
            }
            #expect(try await bench.state(id) == .delivered)
            #expect(try await bench.lookOne() == look)
        },
        StoreBehaviour("a conversation's fences are of its entry's first and last attempt") {
            bench in
            try await bench.post("a")
            let first = try await bench.claimOne()
            try await bench.retry(first, after: .seconds(1))
            let other = try await bench.post("b", in: .delivered)
            bench.clock.advance(by: .seconds(1))
            try await bench.retry(bench.claimOne(), after: .zero)
            let last = try await bench.claimOne()
            try await bench.settle(last, .delivered(reference: "found"))
            try await bench.settle(
                bench.claimOne(after: bench.post("c")), .delivered(reference: nil))
            let fences = try await bench.store.fences(
                of: ["found", "conversation", "nobody's", "found"])
            let attempts = try await bench.store.entry(other).attempts.map(\.fence)
            #expect(
                fences == [
                    "found": first.fence...last.fence, "conversation": attempts[0]...attempts[0],
                ])
            #expect(try await bench.store.fences(of: []).isEmpty)
        },
    ]
}

extension Workbench {
    fileprivate func claimOne(after id: EntryID) async throws -> Claim { try await claimOne() }
}
