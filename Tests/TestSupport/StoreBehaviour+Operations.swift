import Outbox
import Testing

extension StoreBehaviour {
    static let operations = [
        StoreBehaviour("each action is allowed in the states it fits") { bench in
            let allowed: [(OperatorAction, [EntryState: EntryState])] = [
                (.retry(mayDouble: false), [.dead: .pending]),
                (
                    .retry(mayDouble: true),
                    [.dead: .pending, .inDoubt: .pending, .held: .pending]
                ),
                (
                    .discard,
                    [
                        .pending: .discarded, .inDoubt: .discarded, .held: .discarded,
                        .dead: .discarded,
                    ]
                ),
                (.delivered(reference: "seen"), [.inDoubt: .delivered, .held: .delivered]),
            ]
            for (number, (action, ends)) in allowed.enumerated() {
                for state in EntryState.allCases {
                    let id = try await bench.post("\(number) \(state)", in: state)
                    let before = try await bench.store.entry(id)
                    let sequence = try await bench.store.summary().lastChange
                    do throws(StoreError) {
                        let entry = try await bench.store.perform(action, on: id, by: "anna")
                        #expect(entry.state == ends[state], "\(action) of \(state)")
                        #expect(try await bench.entry(id) == entry)
                        let change = try await bench.store.changes(after: sequence, limit: 10)
                        #expect(change.map(\.actor) == ["anna"])
                        #expect(change.map(\.state) == [entry.state])
                    } catch {
                        guard case .notAllowed(let reason) = error else { throw error }
                        #expect(ends[state] == nil, "\(action) of \(state): \(reason)")
                        #expect(try await bench.store.entry(id) == before)
                    }
                    try await bench.finish(id)
                }
            }
        },
        StoreBehaviour("an entry that is not there is not found") { bench in
            await #expect(throws: StoreError.notFound) {
                _ = try await bench.store.perform(.discard, on: EntryID(rawValue: 5), by: "a")
            }
            await #expect(throws: StoreError.notFound) {
                _ = try await bench.store.entry(EntryID(rawValue: 5))
            }
        },
        StoreBehaviour("a retried dead entry goes to the end of its lane") { bench in
            let dead = try await bench.post(in: .dead)
            let waiting = try await bench.post()
            let entry = try await bench.store.perform(
                .retry(mayDouble: false), on: dead, by: "anna")
            #expect(entry.dueAt == bench.clock.now)
            #expect(entry.tries == 0)
            #expect(entry.reason == nil)
            let last = try await bench.post()
            for id in [waiting, dead, last] {
                let claim = try await bench.claimOne()
                #expect(claim.deliveries.map(\.entry.id) == [id])
                try await bench.settle(claim, .delivered(reference: nil))
            }
        },
        StoreBehaviour("a retried held entry stays at the front of its lane") { bench in
            let held = try await bench.post(in: .held)
            try await bench.post()
            _ = try await bench.store.perform(.retry(mayDouble: true), on: held, by: "anna")
            #expect(try await bench.claimOne().deliveries.map(\.entry.id) == [held])
        },
        StoreBehaviour("a retried entry is as young as a new one") { bench in
            let dead = try await bench.post(in: .dead)
            bench.clock.advance(by: .seconds(100))
            _ = try await bench.store.perform(.retry(mayDouble: false), on: dead, by: "anna")
            bench.clock.advance(by: .seconds(3))
            #expect(try await bench.claimOne().deliveries.map(\.age) == [.seconds(3)])
        },
        StoreBehaviour("discarding the first entry lets the lane go on") { bench in
            let held = try await bench.post(in: .held)
            let next = try await bench.post()
            let last = try await bench.post()
            _ = try await bench.store.perform(.discard, on: last, by: "anna")
            #expect(try await bench.claim().isEmpty)
            _ = try await bench.store.perform(.discard, on: held, by: "anna")
            let claim = try await bench.claimOne()
            #expect(claim.deliveries.map(\.entry.id) == [next])
            try await bench.settle(claim, .delivered(reference: nil))
            #expect(try await bench.claim().isEmpty)
        },
        StoreBehaviour("dead entries are retried in pages, oldest first") { bench in
            var ids: [EntryID] = []
            for number in 0..<5 {
                ids.append(try await bench.post("thread \(number)", in: .dead))
            }
            #expect(try await bench.store.retryDead(limit: 2, by: "anna") == 2)
            let claimed = try await bench.claim().flatMap { $0.deliveries.map(\.entry.id) }
            #expect(claimed == Array(ids.prefix(2)))
            #expect(try await bench.store.retryDead(limit: 100, by: "anna") == 3)
            #expect(try await bench.store.retryDead(limit: 100, by: "anna") == 0)
            #expect(try await bench.store.summary().counts[.dead] == 0)
        },
        StoreBehaviour("holding and releasing a lane is on record") { bench in
            let id = try await bench.post()
            let lane = try await bench.entry(id).lane
            try await bench.store.setHold(true, on: lane, by: "anna")
            try await bench.store.setHold(false, on: lane, by: "bert")
            let changes = try await bench.store.changes(after: 1, limit: 10)
            #expect(changes.map(\.actor) == ["anna", "bert"])
            #expect(changes.map(\.reason) == ["lane held", "lane released"])
            #expect(changes.map(\.state) == [.pending, .pending])
        },
    ]
}

extension Workbench {
    /// Gets an entry out of the way of the next one.
    fileprivate func finish(_ id: EntryID) async throws {
        let record = try await store.entry(id)
        if record.entry.state == .sending, let attempt = record.attempts.last {
            try await store.settle(
                Settlement(
                    entry: id, fence: attempt.fence, report: Report(.delivered(reference: nil)),
                    verdict: .delivered(reference: nil)))
        } else if record.entry.state.isOpen {
            _ = try await store.perform(.discard, on: id, by: "test")
        }
    }
}
