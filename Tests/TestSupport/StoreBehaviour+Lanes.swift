import Outbox
import Testing

extension StoreBehaviour {
    static let lanes = [
        StoreBehaviour("a lane is delivered in order, one at a time") { bench in
            var ids: [EntryID] = []
            for _ in 0..<3 { ids.append(try await bench.post()) }
            for id in ids {
                let claim = try await bench.claimOne()
                #expect(claim.deliveries.map(\.entry.id) == [id])
                #expect(claim.deliveries.first?.entry.state == .sending)
                #expect(try await bench.claim().isEmpty)
                try await bench.settle(claim, .delivered(reference: nil))
            }
            #expect(try await bench.claim().isEmpty)
        },
        StoreBehaviour("a blocked lane does not block the others") { bench in
            try await bench.settle(
                try await bench.claimOne(after: bench.post("a")), .held(reason: "stop"))
            try await bench.post("a")
            let other = try await bench.post("b")
            #expect(try await bench.claimOne().deliveries.map(\.entry.id) == [other])
        },
        StoreBehaviour("a claim takes no more lanes than asked, the longest due first") { bench in
            var ids: [EntryID] = []
            for thread in ["a", "b", "c", "d", "e"] {
                ids.append(try await bench.post(thread))
                bench.clock.advance(by: .milliseconds(1))
            }
            let first = try await bench.claim(2)
            #expect(first.flatMap { $0.deliveries.map(\.entry.id) } == Array(ids.prefix(2)))
            #expect(try await bench.claim(0).isEmpty)
            let rest = try await bench.claim(100)
            #expect(rest.flatMap { $0.deliveries.map(\.entry.id) } == Array(ids.suffix(3)))
        },
        StoreBehaviour("a claim keeps to the routes asked for") { bench in
            let one = try await bench.post("a", route: .standard)
            let two = try await bench.post("b", route: .other)
            let unknown = Route(RouteName("nowhere"))
            #expect(try await bench.claim(from: [unknown]).isEmpty)
            #expect(try await bench.claim(from: []).isEmpty)
            let claim = try await bench.claimOne(from: [.other, unknown])
            #expect(claim.deliveries.map(\.entry.id) == [two])
            #expect(claim.route == .other)
            #expect(try await bench.claimOne().deliveries.map(\.entry.id) == [one])
        },
        StoreBehaviour("entries of two routes keep their order in the thread") { bench in
            let one = try await bench.post(route: .standard)
            let two = try await bench.post(route: .other)
            #expect(try await bench.claim(from: [.other]).isEmpty)
            let claim = try await bench.claimOne(from: [.standard])
            #expect(claim.deliveries.map(\.entry.id) == [one])
            try await bench.settle(claim, .delivered(reference: nil))
            #expect(try await bench.claim(from: [.standard]).isEmpty)
            #expect(try await bench.claimOne(from: [.other]).deliveries.map(\.entry.id) == [two])
        },
        StoreBehaviour("a retried entry is due at its time, and its lane waits for it") { bench in
            let id = try await bench.post()
            try await bench.retry(bench.claimOne(), after: .seconds(30))
            let later = try await bench.post()
            bench.clock.advance(by: .milliseconds(29_999))
            let result = try await bench.store.claim(from: [.standard], limit: 10)
            #expect(result.claims.isEmpty)
            #expect(result.nextDue == bench.clock.now + .milliseconds(1))
            #expect(try await bench.entry(id).dueAt == result.nextDue)
            bench.clock.advance(by: .milliseconds(1))
            let claim = try await bench.claimOne()
            #expect(claim.deliveries.map(\.entry.id) == [id])
            try await bench.settle(claim, .delivered(reference: nil))
            #expect(try await bench.claimOne().deliveries.map(\.entry.id) == [later])
        },
        StoreBehaviour("the next due time is of the asked routes and the earliest") { bench in
            try await bench.post("a")
            try await bench.retry(bench.claimOne(), after: .seconds(60))
            try await bench.post("b")
            try await bench.retry(bench.claimOne(), after: .seconds(40))
            try await bench.post("c", route: .other)
            let due = try await bench.store.claim(from: [.standard], limit: 10).nextDue
            #expect(due == bench.clock.now + .seconds(40))
            let all = try await bench.store.claim(from: [.standard, .other], limit: 0)
            #expect(all.nextDue == bench.clock.now)
            let none = try await bench.store.claim(from: [Route(RouteName("x"))], limit: 10)
            #expect(none.nextDue == nil)
        },
        StoreBehaviour("new entries come before those tried again, and bulk comes last") { bench in
            let dead = try await bench.post("dead", in: .dead)
            let tried = try await bench.post("tried")
            try await bench.retry(bench.claimOne(), after: .seconds(1))
            #expect(try await bench.store.retryDead(limit: 10, by: "test") == 1)
            bench.clock.advance(by: .seconds(2))
            let new = try await bench.post("new")
            let order = try await bench.claim().flatMap { $0.deliveries.map(\.entry.id) }
            #expect(order == [new, tried, dead])
        },
        StoreBehaviour("each urgency gets its turns, and the most urgent those left over") {
            bench in
            func post(_ number: Int, _ urgency: Urgency) async throws -> EntryID {
                let id = try await bench.post("\(urgency) \(number)")
                if urgency == .new { return id }
                let claim = try await bench.claimOne()
                if urgency == .retry {
                    try await bench.retry(claim, after: .seconds(60))
                } else {
                    try await bench.settle(claim, .dead(reason: "refused"))
                }
                return id
            }
            var ids: [Urgency: [EntryID]] = [:]
            for urgency in [Urgency.bulk, .retry, .new] {
                for number in 0..<4 {
                    ids[urgency, default: []].append(try await post(number, urgency))
                }
            }
            #expect(try await bench.store.retryDead(limit: 9, by: "test") == 4)
            bench.clock.advance(by: .seconds(60))
            func claim(_ turns: [Urgency]) async throws -> [EntryID] {
                try await bench.store.claim(from: [.standard], turns: turns, joining: false)
                    .claims
                    .flatMap { $0.deliveries.map(\.entry.id) }
            }
            let (new, tried, bulk) = (ids[.new] ?? [], ids[.retry] ?? [], ids[.bulk] ?? [])
            #expect(
                try await claim([.bulk, .new, .retry, .new]) == [new[0], new[1], tried[0], bulk[0]])
            #expect(try await claim([.bulk]) == [bulk[1]])
            #expect(
                try await claim([.new, .new, .new, .bulk]) == [new[2], new[3], bulk[2], tried[1]])
            #expect(try await claim([.bulk, .bulk, .bulk]) == [bulk[3], tried[2], tried[3]])
            #expect(try await claim([.new, .retry, .bulk]) == [])
        },
        StoreBehaviour("fences grow from claim to claim") { bench in
            var last = Fence(rawValue: 0)
            for thread in ["a", "b", "c"] {
                try await bench.post(thread)
                let claim = try await bench.claimOne()
                #expect(claim.fence > last)
                last = claim.fence
                try await bench.retry(claim, after: .seconds(1))
            }
            bench.clock.advance(by: .seconds(1))
            let fences = try await bench.claim().map(\.fence)
            #expect(Set(fences).count == 3)
            #expect(fences.allSatisfy { $0 > last })
        },
        StoreBehaviour("an entry ages only while its route is reachable") { bench in
            bench.store.setReachable(false, .standard)
            try await bench.post()
            bench.clock.advance(by: .seconds(100))
            bench.store.setReachable(true, .standard)
            bench.clock.advance(by: .seconds(10))
            bench.store.setReachable(true, .other)
            bench.store.setReachable(false, .standard)
            bench.clock.advance(by: .seconds(100))
            bench.store.setReachable(true, .standard)
            bench.clock.advance(by: .seconds(5))
            #expect(try await bench.claimOne().deliveries.map(\.age) == [.seconds(15)])
        },
        StoreBehaviour("a held lane is not due until it is released") { bench in
            let id = try await bench.post()
            let lane = try await bench.entry(id).lane
            try await bench.store.setHold(true, on: lane, by: "test")
            try await bench.store.setHold(true, on: lane, by: "test")
            #expect(try await bench.claim().isEmpty)
            #expect(try await bench.store.entry(id).laneHeld)
            try await bench.post()
            #expect(try await bench.claim().isEmpty)
            try await bench.store.setHold(false, on: lane, by: "test")
            #expect(try await bench.claimOne().deliveries.map(\.entry.id) == [id])
            #expect(try await !bench.store.entry(id).laneHeld)
        },
        StoreBehaviour("an empty lane stays held for what comes") { bench in
            let id = try await bench.post(in: .delivered)
            let lane = try await bench.entry(id).lane
            try await bench.store.setHold(true, on: lane, by: "test")
            let next = try await bench.post()
            #expect(try await bench.claim().isEmpty)
            try await bench.store.setHold(false, on: lane, by: "test")
            #expect(try await bench.claimOne().deliveries.map(\.entry.id) == [next])
        },
        StoreBehaviour("what is being sent as its lane is held is settled") { bench in
            let id = try await bench.post()
            let next = try await bench.post()
            let claim = try await bench.claimOne()
            let lane = try await bench.entry(id).lane
            try await bench.store.setHold(true, on: lane, by: "test")
            try await bench.settle(claim, .delivered(reference: nil))
            #expect(try await bench.state(id) == .delivered)
            #expect(try await bench.claim().isEmpty)
            try await bench.store.setHold(false, on: lane, by: "test")
            #expect(try await bench.claimOne().deliveries.map(\.entry.id) == [next])
        },
        StoreBehaviour("a lane that is not there cannot be held") { bench in
            await #expect(throws: StoreError.notFound) {
                try await bench.store.setHold(true, on: LaneID(rawValue: 99), by: "test")
            }
        },
    ]
}

extension Workbench {
    fileprivate func claimOne(after id: EntryID) async throws -> Claim { try await claimOne() }
}
