import Outbox
import Testing

extension StoreBehaviour {
    static let readings = [
        StoreBehaviour("changes come in order, without a gap or a repeat") { bench in
            let id = try await bench.post(in: .inDoubt)
            _ = try await bench.store.perform(
                .delivered(reference: "seen"), on: id, by: "anna")
            let all = try await bench.store.changes(after: 0, limit: 100)
            #expect(all.map(\.sequence) == [1, 2, 3, 4])
            #expect(all.map(\.state) == [.pending, .sending, .inDoubt, .delivered])
            #expect(all.map(\.reason) == [nil, nil, "doubtful", nil])
            #expect(all.map(\.actor) == [nil, nil, nil, "anna"])
            #expect(all.allSatisfy { $0.entry == id && $0.at == bench.clock.now })
            #expect(all.allSatisfy { $0.shop == ShopName("shop") })
            var paged: [Change] = []
            while true {
                let page = try await bench.store.changes(
                    after: paged.last?.sequence ?? 0, limit: 3)
                if page.isEmpty { break }
                paged += page
            }
            #expect(paged == all)
            #expect(try await bench.store.summary().lastChange == 4)
        },
        StoreBehaviour("entries are paged, newest first") { bench in
            var ids: [EntryID] = []
            for number in 0..<7 { ids.append(try await bench.post("thread \(number)")) }
            var paged: [EntryID] = []
            while true {
                let page = try await bench.store.entries(EntryQuery(after: paged.last, limit: 3))
                if page.isEmpty { break }
                paged += page.map(\.id)
            }
            #expect(paged == ids.reversed())
        },
        StoreBehaviour("entries are found by state, thread, and text") { bench in
            func found(
                _ state: EntryState? = nil, _ thread: String? = nil, _ text: String? = nil,
                after: EntryID? = nil
            ) async throws(StoreError) -> [EntryID] {
                try await bench.store.entries(
                    EntryQuery(
                        state: state, thread: thread.map { ThreadKey($0) }, text: text,
                        after: after)
                ).map(\.id)
            }
            guard
                case .accepted(let message) = try await bench.submit(
                    .example(thread: "a", key: "the key"))
            else { throw Unexpected(description: "no") }
            let first = EntryID(firstOf: message)
            try await bench.settle(bench.claimOne(), .delivered(reference: "conversation"))
            let second = try await bench.post("a")
            let third = try await bench.post("b", shop: "other")
            #expect(try await found(.delivered) == [first])
            #expect(try await found(.pending) == [third, second])
            #expect(try await found(.pending, after: third) == [second])
            #expect(try await found(.dead) == [])
            #expect(try await found(nil, "a") == [second, first])
            #expect(try await found(nil, "a", after: second) == [first])
            #expect(try await found(.pending, "a") == [second])
            #expect(try await found(nil, "c") == [])
            #expect(try await found(nil, nil, first.description) == [first])
            #expect(try await found(nil, nil, "a") == [second, first])
            #expect(try await found(nil, nil, "b") == [third])
            #expect(try await found(nil, nil, "the key") == [first])
            #expect(try await found(nil, nil, "conversation") == [first])
            #expect(try await found(nil, nil, "convers") == [])
            #expect(try await found(nil, "b", "conversation") == [])
            #expect(try await found(.pending, nil, "a") == [second])
        },
        StoreBehaviour("a page has one entry at least and 500 at most") { bench in
            for number in 0..<510 { try await bench.post("thread \(number)") }
            #expect(try await bench.store.entries(EntryQuery(limit: 9999)).count == 500)
            #expect(try await bench.store.entries(EntryQuery(limit: -1)).count == 1)
        },
        StoreBehaviour("the summary counts what is there") { bench in
            let start = bench.clock.now
            var counts: [EntryState: Int] = [:]
            for state in EntryState.allCases {
                for number in 0...state.rawValue where state != .sending || number == 0 {
                    _ = try await bench.post("\(state) \(number)", in: state)
                    if state == .pending { try await bench.store.holdLast(of: bench) }
                    counts[state, default: 0] += 1
                }
            }
            bench.clock.advance(by: .seconds(9))
            let summary = try await bench.store.summary()
            #expect(summary.counts == counts)
            #expect(summary.oldestPending == start)
            for state in EntryState.allCases {
                let page = try await bench.store.entries(EntryQuery(state: state, limit: 500))
                #expect(page.count == counts[state])
                #expect(page.allSatisfy { $0.state == state })
            }
        },
        StoreBehaviour("the load is what waits to be sent") { bench in
            #expect(bench.store.load.pending == 0)
            for state in EntryState.allCases {
                _ = try await bench.post("\(state)", in: state)
                if state == .pending { try await bench.store.holdLast(of: bench) }
            }
            #expect(bench.store.load.pending == 2)
            try await bench.post(direction: .staff)
            try await bench.post("dead")
            #expect(bench.store.load.pending == 3)
            #expect(try await bench.store.sweep(except: []).count == 1)
            #expect(bench.store.load.pending == 2)
            #expect(try await bench.store.retryDead(limit: 9, by: "test") == 1)
            #expect(bench.store.load.pending == 3)
        },
        StoreBehaviour("calls are counted by kind and calendar month") { bench in
            #expect(bench.store.callsThisMonth.isEmpty)
            for call in [CallKind.create, .create, .analytics] { bench.store.count(call) }
            #expect(bench.store.callsThisMonth == [.create: 2, .analytics: 1])
            let march = bench.clock.now
            bench.clock.setWall(Timestamp(milliseconds: 1_775_001_599_999))
            #expect(bench.store.callsThisMonth[.create] == 2)
            bench.clock.advance(by: .milliseconds(1))
            #expect(bench.store.callsThisMonth.isEmpty)
            bench.store.count(.tag)
            #expect(bench.store.callsThisMonth == [.tag: 1])
            bench.clock.setWall(march)
            #expect(bench.store.callsThisMonth == [.create: 2, .analytics: 1])
        },
        StoreBehaviour("an empty store has zeros") { bench in
            let summary = try await bench.store.summary()
            #expect(summary.counts.count == EntryState.allCases.count)
            #expect(summary.counts.values.allSatisfy { $0 == 0 })
            #expect(summary.oldestPending == nil)
            #expect(summary.awaitingAgentSince == nil)
            #expect(summary.lastChange == 0)
        },
        StoreBehaviour("a receipt tells the delivery's state") { bench in
            let id = try await bench.post(in: .delivered)
            let message = MessageID(rawValue: id.rawValue)
            #expect(
                try await bench.store.receipt(of: message, in: ShopName("shop"))
                    == Receipt(
                        message: message, thread: ThreadKey("thread"),
                        acceptedAt: bench.clock.now, state: .delivered,
                        reference: "conversation"))
        },
    ]
}

extension OutboxStore {
    /// Keeps the newest entry from being claimed.
    fileprivate func holdLast(of bench: Workbench) async throws {
        guard let newest = try await entries(EntryQuery(limit: 1)).first else { return }
        try await setHold(true, on: newest.lane, by: "test")
    }
}
