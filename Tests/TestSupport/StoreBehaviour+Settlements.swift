import Outbox
import Testing

extension StoreBehaviour {
    static let settlements = [
        StoreBehaviour("an attempt is recorded from its beginning to its end") { bench in
            let id = try await bench.post()
            let start = bench.clock.now
            let claim = try await bench.claimOne()
            #expect(claim.startedAt == start)
            var record = try await bench.store.entry(id)
            #expect(record.attempts.map(\.number) == [1])
            #expect(record.attempts.map(\.fence) == [claim.fence])
            #expect(record.attempts.map(\.endedAt) == [nil])
            bench.clock.advance(by: .seconds(3))
            try await bench.store.settle(
                Settlement(
                    entry: id, fence: claim.fence,
                    report: Report(.failed(after: nil, "502"), status: 502, correlation: "c-1"),
                    verdict: .retry(at: bench.clock.now, counts: true, reason: "502")))
            try await bench.settle(bench.claimOne(), .delivered(reference: "conversation"))
            record = try await bench.store.entry(id)
            #expect(record.attempts.map(\.number) == [1, 2])
            #expect(
                record.attempts.first
                    == AttemptRecord(
                        number: 1, fence: claim.fence, startedAt: start,
                        endedAt: start + .seconds(3), outcome: "failed", reason: "502",
                        status: 502, correlation: "c-1"))
            #expect(record.entry.reference == "conversation")
            #expect(record.entry.reason == nil)
            #expect(record.entry.dueAt == nil)
        },
        StoreBehaviour("only what counts is counted as a try") { bench in
            let id = try await bench.post()
            try await bench.retry(bench.claimOne(), after: .zero, counts: false)
            #expect(try await bench.entry(id).tries == 0)
            try await bench.retry(bench.claimOne(), after: .zero)
            #expect(try await bench.entry(id).tries == 1)
            let claim = try await bench.claimOne()
            #expect(claim.deliveries.map(\.entry.tries) == [1])
            #expect(try await bench.store.entry(id).attempts.count == 3)
        },
        StoreBehaviour("in_doubt and held stop their lane, the other ends let it go on") { bench in
            let ends: [(Verdict, goesOn: Bool)] = [
                (.inDoubt(reason: "r", lookAt: bench.clock.now), false),
                (.held(reason: "r"), false),
                (.dead(reason: "r"), true), (.delivered(reference: nil), true),
            ]
            for (number, (verdict, goesOn)) in ends.enumerated() {
                let id = try await bench.post("thread \(number)")
                try await bench.post("thread \(number)")
                try await bench.settle(bench.claimOne(), verdict)
                let claims = try await bench.claim()
                #expect(claims.count == (goesOn ? 1 : 0), "\(verdict)")
                let entry = try await bench.entry(id)
                #expect(entry.state == verdict.state)
                if case .delivered = verdict {
                    #expect(entry.reason == nil)
                } else {
                    #expect(entry.reason == "r")
                }
                for claim in claims { try await bench.settle(claim, .delivered(reference: nil)) }
            }
        },
        StoreBehaviour("a stale fence is refused and changes nothing") { bench in
            let id = try await bench.post()
            let old = try await bench.claimOne()
            try await bench.retry(old, after: .zero)
            await #expect(throws: StoreError.stale) {
                try await bench.settle(old, .delivered(reference: "late"))
            }
            let new = try await bench.claimOne()
            let before = try await bench.store.entry(id)
            let changes = try await bench.store.changes(after: 0, limit: 100)
            await #expect(throws: StoreError.stale) {
                try await bench.settle(old, .dead(reason: "late"))
            }
            #expect(try await bench.store.entry(id) == before)
            #expect(try await bench.store.changes(after: 0, limit: 100) == changes)
            try await bench.settle(new, .delivered(reference: nil))
        },
        StoreBehaviour("an entry that is not there has no fence") { bench in
            await #expect(throws: StoreError.stale) {
                try await bench.store.settle(
                    Settlement(
                        entry: EntryID(rawValue: 5), fence: Fence(rawValue: 1),
                        report: Report(.delivered(reference: nil)),
                        verdict: .delivered(reference: nil)))
            }
        },
    ]
}
