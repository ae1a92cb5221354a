import Logging
import Outbox
import Sandbox
import TestSupport
import Testing

@testable import GenesysCloud

/// A feed of a sandbox, and the store that it tells.
struct FeedBench {
    let bench: Bench
    let store: MemoryOutbox
    let desk: Workbench
    let feed: Feed

    var sandbox: Sandbox { bench.sandbox }

    static let sam = "5a6b0c1e-0000-4000-8000-000000000001"
    static let billing = "3f6a0c1e-0000-4000-8000-000000000003"

    /// - Parameter queues: those of the routes; `nil` for the sandbox's first.
    static func with(
        queues: [String]? = nil,
        bind: @escaping @Sendable (Binding) async throws(StoreError) -> Void = {
            _ throws(StoreError) in
        },
        _ body: (FeedBench) async throws -> Void
    ) async throws {
        try await Bench.with([.feed]) { bench in
            let store = MemoryOutbox(bench.clock.environment)
            let first = await bench.sandbox.settings().queues[0].id
            let feed = Feed(
                client: bench.client, provider: Bench.provider, queues: queues ?? [first],
                store: store, journal: bench.journal, proxies: .none,
                environment: bench.clock.environment, logger: .silent, bind: bind)
            try await body(
                FeedBench(
                    bench: bench, store: store, desk: Workbench(store, bench.clock), feed: feed))
        }
    }

    /// Does so while the feed follows, from the moment on at which all were compared.
    func following(
        connected: Bool = true, _ body: () async throws -> Void
    ) async throws {
        let task = Task { await feed.run() }
        do {
            if connected {
                try await sandbox.feedConnections(1)
                try await until { await feed.status.reconciledAt != nil }
            }
            try await body()
        } catch {
            task.cancel()
            await task.value
            throw error
        }
        task.cancel()
        await task.value
    }

    /// Creates a conversation of a thread of that number, of which the store knows.
    func conversation(_ number: Int64 = 1) async throws -> String {
        let id = try await bench.delivered(number)
        try await settle(number, id)
        return id
    }

    /// Creates so many, of threads from 1 on.
    func conversations(_ count: Int) async throws -> [String] {
        var ids: [String] = []
        for number in 1...count {
            ids.append(try await bench.delivered(Int64(number)))
            try await desk.post("\(number)")
        }
        for (id, claim) in zip(ids, try await desk.claim(count)) {
            try await desk.settle(claim, .delivered(reference: id))
        }
        return ids
    }

    /// Lets the store believe in a conversation.
    func settle(_ number: Int64, _ reference: String) async throws {
        try await desk.post("\(number)")
        try await desk.settle(desk.claimOne(), .delivered(reference: reference))
    }

    /// What the store knows of the conversation of that thread.
    func seen(_ number: Int64 = 1) async throws -> Observation {
        let thread = ThreadName(ShopName("shop"), ThreadKey("\(number)"))
        let known = try await store.transcript(of: thread).conversations
        return try #require(known.last).observation
    }

    func until(_ isSo: () async throws -> Bool) async throws {
        while try await !isSo() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    func until(_ number: Int64 = 1, _ stage: ConversationStage) async throws {
        try await until { try await seen(number).stage == stage }
    }

    /// Waits until something here waits for no longer than that.
    func untilAlarm(within time: Duration) async throws {
        try await until { bench.clock.nextAlarm.map { $0 <= time } ?? false }
    }

    /// Lets so much time pass here, and waits for a sign of life of the channel.
    func pass(_ time: Duration) async throws {
        bench.clock.advance(by: time)
        try await until { await feed.status.heardAt == bench.clock.now }
    }

    /// How often that was called.
    func calls(_ method: String, _ path: String) async -> Int {
        await sandbox.journal(path: path).filter { $0.method == method }.count
    }
}
