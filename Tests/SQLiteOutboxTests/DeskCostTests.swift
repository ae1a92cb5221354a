import GRDB
import GRDBSQLite
import Outbox
import Synchronization
import TestSupport
import Testing

@testable import SQLiteOutbox
@testable import class SQLiteOutbox.Statement

@Suite(.timeLimit(.minutes(15)))
struct DeskCostTests {
    @Test func aPageAndAMarkCostTheSameInALongThread() async throws {
        let short = try await steps(messages: 10)
        let long = try await steps(messages: 1000)
        #expect(short.page > 0 && short.mark > 0)
        #expect(long.page < 2 * short.page)
        // Up to twenty conversations are looked at, and this one has five.
        #expect(long.mark < 4 * short.mark)
        let middling = try await steps(messages: 40)
        #expect(long.mark < middling.mark + 50)
    }

    @Test func aPageReadsNoFurtherThanTheNewestOrder() async throws {
        func steps(orders: Range<Int>) async throws -> (page: Int, question: Int) {
            var steps = (page: 0, question: 0)
            let name = ThreadName(ShopName("shop"), ThreadKey("thread"))
            try await withStore { store, clock, _ in
                let bench = Workbench(store, clock)
                for number in 0..<40 {
                    var asked = Submission.example()
                    if orders.contains(number) {
                        asked.message.order = Order(number: "\(number)")
                    }
                    _ = try await bench.submit(asked)
                }
                steps.page = try await store.steps {
                    let page = try store.reader.page(of: name, before: nil, limit: 1, $0)
                    #expect(page.about?.order?.number == "\(orders.upperBound - 1)")
                }
                steps.question = try await store.steps {
                    _ = try store.reader.question(of: name, $0)
                }
            }
            return steps
        }
        let everywhere = try await steps(orders: 0..<40)
        let far = try await steps(orders: 0..<22)
        #expect(everywhere.page + 50 < far.page)
        // What each of a customer's other threads costs.
        #expect(2 * everywhere.question < everywhere.page)
    }

    @Test func aListCostsTheSameAmongManyThreads() async throws {
        func steps(threads count: Int) async throws -> [Int] {
            var steps: [Int] = []
            try await withStore { store, clock, _ in
                let bench = Workbench(store, clock)
                for number in 0..<count {
                    let name = "thread \(number)"
                    try await bench.post(name)
                    try await bench.settle(bench.claimOne(), .delivered(reference: name))
                    if number & 1 == 1 {
                        try await store.observe(
                            Observation(reference: name, stage: .ended, end: .customer))
                    }
                }
                for list in [ThreadList.waiting, .open, .unanswered] {
                    steps.append(
                        try await store.steps {
                            let page = try store.reader.threads(list, after: nil, limit: 3, $0)
                            #expect(page.count == 3)
                        })
                }
            }
            return steps
        }
        let few = try await steps(threads: 8)
        let many = try await steps(threads: 400)
        for (few, many) in zip(few, many) { #expect(many < 2 * few) }
    }

    /// Of a thread each of whose messages had a conversation of its own, and an answer.
    private func steps(messages count: Int) async throws -> (page: Int, mark: Int) {
        var steps = (page: 0, mark: 0)
        let aftercare = Aftercare(callbacks: [ShopName("shop"): [.agentReply]])
        try await withStore(aftercare) { store, clock, _ in
            let bench = Workbench(store, clock)
            let name = ThreadName(ShopName("shop"), ThreadKey("thread"))
            for number in 0..<(count / 2) {
                let reference = "conversation \(number)"
                try await bench.post()
                try await bench.settle(bench.claimOne(), .delivered(reference: reference))
                _ = try await store.write(
                    AgentMessage(
                        .answer, in: name, by: Agent(id: "a1"), body: "Soon.",
                        key: IdempotencyKey(reference), digest: []))
                let answer = try await bench.claimOne(from: [.callback(of: name.shop)])
                try await bench.settle(answer, .delivered(reference: nil))
                try await store.observe(
                    Observation(reference: reference, stage: .ended, end: .agent))
            }
            steps.page = try await store.steps {
                let page = try store.reader.page(of: name, before: nil, limit: 8, $0)
                #expect(page.messages.count == 8 && page.hasOlder)
            }
            steps.mark = try await store.steps { _ = try store.reader.mark(of: name, $0) }
        }
        return steps
    }

    @Test(arguments: ThreadList.allCases)
    func aListIsReadInItsOwnOrder(_ list: ThreadList) async throws {
        try await withStore { store, _, _ in
            let plan = try await store.queue.database.read { database in
                try Statement(database, "EXPLAIN QUERY PLAN " + DeskQuery.threads(list))
                    .all { $0.text(3) }
            }
            #expect(!plan.contains { $0.hasPrefix("USE TEMP B-TREE") }, "\(plan)")
        }
    }
}

extension SQLiteOutbox {
    /// How many steps of the virtual machine the readings take.
    fileprivate func steps(
        _ body: @escaping @Sendable (Database) throws -> Void
    ) async throws -> Int {
        try await queue.database.read { database in
            let counter = Counter()
            let pointer = Unmanaged.passUnretained(counter).toOpaque()
            sqlite3_progress_handler(
                database.sqliteConnection, 1,
                { pointer in
                    guard let pointer else { return 0 }
                    Unmanaged<Counter>.fromOpaque(pointer).takeUnretainedValue().count += 1
                    return 0
                }, pointer)
            defer { sqlite3_progress_handler(database.sqliteConnection, 0, nil, nil) }
            try body(database)
            return counter.count
        }
    }
}

/// Counts on the connection's queue only.
private final class Counter { var count = 0 }
