import Outbox
import Testing

extension StoreBehaviour {
    static let doubts = [
        StoreBehaviour("a doubt is counted, and is due to be looked for at its time") { bench in
            let id = try await bench.post()
            let start = bench.clock.now
            let claim = try await bench.claimOne()
            bench.clock.advance(by: .seconds(2))
            let lookAt = bench.clock.now + .seconds(5)
            try await bench.settle(claim, .doubtful(at: lookAt))
            #expect(try await bench.entry(id).doubts == 1)
            bench.clock.advance(by: .milliseconds(4999))
            let early = try await bench.store.looks(to: .genesys, limit: 9)
            #expect(early == LookResult(looks: [], nextDue: lookAt))
            bench.clock.advance(by: .milliseconds(1))
            let look = try await bench.lookOne()
            #expect(look.entry == (try await bench.entry(id)))
            #expect(look.route == .standard)
            #expect(look.fence == claim.fence)
            #expect(look.since > claim.fence)
            #expect(look.attemptedAt == start)
            #expect(look.number == 0)
            #expect(look.age == .seconds(7))
            #expect(try await bench.lookOne() == look)
        },
        StoreBehaviour("what is attempted after a doubt has a higher number") { bench in
            let before = try await bench.claimOne(of: "before")
            let id = try await bench.post(in: .inDoubt)
            let after = try await bench.claimOne(of: "after")
            bench.clock.advance(by: .seconds(5))
            let first = try await bench.lookOne()
            #expect(before.fence < first.since)
            #expect(after.fence > first.since)
            try await bench.store.settle(first, .inDoubt(reason: "r", lookAt: bench.clock.now))
            try await bench.store.settle(bench.lookOne(), .absent(at: bench.clock.now))
            try await bench.settle(bench.claimOne(), .doubtful(at: bench.clock.now))
            let second = try await bench.lookOne()
            #expect(second.entry.id == id)
            #expect(second.entry.doubts == 2)
            #expect(second.number == 0)
            #expect(second.since > after.fence)
            #expect(second.fence > first.fence)
            #expect(second.attemptedAt == first.attemptedAt)
        },
        StoreBehaviour("what a settlement leaves to chance is sent again, marked") { bench in
            let id = try await bench.post()
            try await bench.settle(bench.claimOne(), .resend(reason: "nobody can tell"))
            let entry = try await bench.entry(id)
            #expect(entry.state == .pending)
            #expect(entry.dueAt == bench.clock.now)
            #expect(entry.reason == "nobody can tell")
            #expect(entry.tries == 1)
            #expect(entry.isPossibleDuplicate)
            let new = try await bench.post("new")
            let order = try await bench.claim().flatMap { $0.deliveries.map(\.entry.id) }
            #expect(order == [new, id])
        },
        StoreBehaviour("an order to retry what may be there marks it") { bench in
            for (state, marked) in [
                (EntryState.inDoubt, true), (.held, true), (.dead, false),
            ] {
                let id = try await bench.post("\(state)", in: state)
                let entry = try await bench.store.perform(
                    .retry(mayDouble: true), on: id, by: "anna")
                #expect(entry.isPossibleDuplicate == marked, "\(state)")
                #expect(try await bench.entry(id) == entry)
                try await bench.settle(bench.claimOne(), .delivered(reference: nil))
                #expect(try await bench.entry(id).isPossibleDuplicate == marked, "\(state)")
            }
        },
        StoreBehaviour("what leaves its doubt is not looked for any more") { bench in
            let actions: [OperatorAction] = [
                .retry(mayDouble: true), .discard, .delivered(reference: "seen"),
            ]
            for (number, action) in actions.enumerated() {
                let id = try await bench.post("\(number)", in: .inDoubt)
                bench.clock.advance(by: .seconds(5))
                let look = try await bench.lookOne()
                _ = try await bench.store.perform(action, on: id, by: "anna")
                #expect(try await bench.store.looks(to: .genesys, limit: 9) == .none)
                let before = try await bench.store.entry(id)
                await #expect(throws: StoreError.stale) {
                    try await bench.store.settle(look, .held(reason: "late"))
                }
                #expect(try await bench.store.entry(id) == before)
                for claim in try await bench.claim() {
                    try await bench.settle(claim, .delivered(reference: nil))
                }
            }
        },
        StoreBehaviour("what is sending under no known number is put in doubt") { bench in
            let known = try await bench.claimOne(of: "known")
            let id = try await bench.post("lost")
            let lost = try await bench.claimOne()
            let waiting = try await bench.post("waiting")
            #expect(try await bench.store.sweep(except: [known.fence, lost.fence]).isEmpty)
            #expect(try await bench.store.sweep(except: [known.fence]) == [id])
            #expect(try await bench.store.sweep(except: [known.fence]).isEmpty)
            let record = try await bench.store.entry(id)
            #expect(record.entry.state == .inDoubt)
            #expect(record.entry.reason == "its attempt was abandoned")
            #expect(record.entry.tries == 1)
            #expect(record.entry.doubts == 1)
            #expect(record.attempts.map(\.endedAt) == [nil])
            #expect(try await bench.lookOne().entry.id == id)
            await #expect(throws: StoreError.stale) {
                try await bench.settle(lost, .delivered(reference: "late"))
            }
            #expect(try await bench.claimOne().deliveries.map(\.entry.id) == [waiting])
            try await bench.settle(known, .delivered(reference: nil))
        },
        StoreBehaviour("a sweep takes all there are") { bench in
            var ids: [EntryID] = []
            for number in 0..<450 { ids.append(try await bench.post("\(number)")) }
            let claims = try await bench.claim(1000)
            let spared = claims[250]
            #expect(
                try await bench.store.sweep(except: [spared.fence])
                    == ids.filter { $0 != spared.deliveries[0].entry.id })
            #expect(try await bench.store.summary().counts[.inDoubt] == 449)
        },
    ]
}

extension Workbench {
    /// Accepts a message and claims it.
    fileprivate func claimOne(of thread: String) async throws -> Claim {
        try await post(thread)
        return try await claimOne()
    }
}

extension LookResult {
    static let none = LookResult(looks: [], nextDue: nil)
}

extension Verdict {
    /// After a look that shows that it is not there.
    static func absent(at now: Timestamp) -> Verdict {
        .retry(at: now, counts: false, reason: "not there")
    }
}
