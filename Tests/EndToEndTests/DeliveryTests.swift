import CurlTransport
import ExactJSON
import Foundation
import Sandbox
import Testing

/// The real daemon, its real store and real sockets against the sandbox.
///
/// `BRIDGE_TEST_MESSAGES` sets how many messages the large runs post, 10,000 by default.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct DeliveryTests {
    let messages =
        ProcessInfo.processInfo.environment["BRIDGE_TEST_MESSAGES"].flatMap(Int.init) ?? 10_000
    let threads = 500

    @Test func bringsEveryMessageOnceAndInOrderThroughThrottlingAndRefusedConnections() async throws
    {
        try await with { sandbox, bridge in
            try await bridge.start()
            async let trouble: Void = stirUp(sandbox)
            let accepted = await postAll(to: bridge.client)
            try await trouble
            #expect(accepted.count == messages)
            let conversations = try await sandbox.conversations(atLeast: messages)
            #expect(conversations.count == messages)
            #expect(Set(conversations.compactMap(\.toAddress)) == Set(accepted))
            expectInOrder(conversations)
            #expect(bridge.stop() == 0)
        }
    }

    @Test func losesNothingAndDoublesNothingWhenItIsKilled() async throws {
        try await with { sandbox, bridge in
            await sandbox.change { $0.indexesAddressTo = true }
            try bridge.probe()
            try await bridge.start()
            let client = bridge.client
            let half = Task { await postAll(to: client) }
            _ = try await sandbox.conversations(atLeast: messages / 40)
            bridge.killNow()
            #expect(await half.value.count < messages)
            try await bridge.start()
            // The shop posts again what it got no answer to, and all the rest.
            let accepted = await postAll(to: client)
            #expect(accepted.count == messages)
            try await delivered(messages, by: client)
            let conversations = await sandbox.conversations().filter { !$0.isProbe }
            #expect(conversations.count == messages)
            #expect(Set(conversations.compactMap(\.toAddress)) == Set(accepted))
            expectInOrder(conversations)
            #expect(bridge.stop() == 0)
        }
    }

    @Test func usesTheWholeLimitAndIsNeverRefused() async throws {
        let limit = Sandbox.Limit(requests: 100, seconds: 2)
        try await with(limit: limit, perMinute: 3000) { sandbox, bridge in
            try await bridge.start()
            let accepted = await postAll(to: bridge.client, 600)
            #expect(accepted.count == 600)
            _ = try await sandbox.conversations(atLeast: 600)
            let calls = await sandbox.journal().filter { $0.path.hasPrefix("/api/") }
            #expect(calls.allSatisfy { $0.status != 429 })
        }
    }

    @Test func acceptsAllTheWhileGenesysIsDownAndThenDrainsWithoutA429() async throws {
        try await with(limit: .init(requests: 300, seconds: 60)) {
            sandbox, bridge in
            await sandbox.plan(.init(on: .now, do: .refuse))
            try await bridge.start()
            let accepted = await postAll(to: bridge.client, 200)
            #expect(accepted.count == 200)
            try await sandbox.clearFaults()
            let conversations = try await sandbox.conversations(atLeast: 200)
            #expect(conversations.count == 200)
            #expect(await sandbox.journal().allSatisfy { $0.status != 429 })
            expectInOrder(conversations)
        }
    }

    @Test func letsMessagesJoinALiveConversationAndCreatesAnotherAfterItsEnd() async throws {
        try await with(followUps: "join") { sandbox, bridge in
            try await bridge.start()
            #expect(await postAll(to: bridge.client, 300, threads: 10).count == 300)
            try await delivered(300, by: bridge.client)
            let first = await sandbox.conversations()
            #expect(first.count == 10)
            // The newest of each thread's thirty.
            #expect(
                Set(first.compactMap { $0.attributes["number"] })
                    == Set((290..<300).map(String.init)))
            try await sandbox.feedConnections(1)
            for conversation in first { try await sandbox.end(conversation.id) }
            #expect(await postAll(to: bridge.client, 310, threads: 10).count == 310)
            try await delivered(310, by: bridge.client)
            let second = await sandbox.conversations().dropFirst(10)
            #expect(second.count == 10)
            #expect(second.allSatisfy { $0.attributes["bridge.reopened"] == "1" })
            #expect(bridge.stop() == 0)
        }
    }

    // MARK: -

    private func with(
        limit: Sandbox.Limit? = nil, perMinute: Int = 60_000, followUps: String = "new",
        _ body: (Sandbox, BridgeProcess) async throws -> Void
    ) async throws {
        var options = Sandbox.Options()
        options.limit = limit
        try await withSandbox(options) { sandbox in
            let transport = CurlTransport(userAgent: "end-to-end")
            let queue = await sandbox.settings().queues[0].id
            let bridge = try BridgeProcess(
                sandbox: sandbox.origin, queue: queue, perMinute: perMinute, followUps: followUps,
                transport: transport)
            try await body(sandbox, bridge)
            await transport.shutdown()
        }
    }

    /// Posts to every thread in turn, each thread's messages one after the other, 64 threads at a time.
    private func postAll(
        to bridge: BridgeClient, _ count: Int? = nil, threads: Int? = nil
    ) async -> [String] {
        let count = count ?? messages
        let threads = min(threads ?? self.threads, count)
        let next = NextThread(threads)
        return await withTaskGroup(of: [String].self) { group in
            for _ in 0..<64 {
                group.addTask {
                    var ids: [String] = []
                    while let thread = await next.take() {
                        for number in stride(from: thread, to: count, by: threads) {
                            let key = "message-\(number)"
                            guard let id = await bridge.post(message(number, thread), key: key)
                            else { return ids }
                            ids.append(id)
                        }
                    }
                    return ids
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func message(_ number: Int, _ thread: Int) -> JSON {
        [
            "message": ["subject": "Order", "body": .string("This is message \(number).")],
            "customer": ["id": JSON(thread), "email": "customer@example.com"],
            "conversation": ["key": .string("thread-\(thread)")],
            "attributes": ["number": JSON(number)],
        ]
    }

    /// Throttles, lets go, refuses connections and lets go, in turns, while the first half is sent.
    private func stirUp(_ sandbox: Sandbox) async throws {
        for turn in 1...4 {
            _ = try await sandbox.conversations(atLeast: messages * turn / 10)
            if turn.isMultiple(of: 2) {
                await sandbox.plan(
                    .init(on: .now, do: .refuse, seconds: 1, resetsConnections: false))
            } else {
                await sandbox.allow(.init(requests: 50, seconds: 2))
                _ = try await sandbox.conversations(atLeast: messages * turn / 10 + 60)
                await sandbox.allow(nil)
            }
        }
    }

    private func expectInOrder(_ conversations: [Sandbox.Conversation]) {
        let threads = Dictionary(grouping: conversations) { $0.attributes["bridge.thread"] ?? "" }
        for (_, conversations) in threads {
            let numbers = conversations.compactMap { $0.attributes["number"].flatMap { Int($0) } }
            #expect(numbers == numbers.sorted())
        }
    }

    /// Returns when as many entries are delivered, and none is anything else.
    private func delivered(_ count: Int, by bridge: BridgeClient) async throws {
        while true {
            let counts = try await bridge.counts()
            if counts["delivered"] == count, counts.values.reduce(0, +) == count { return }
            try #require(counts["held"] == 0 && counts["dead"] == 0)
            await Task.yield()
        }
    }
}

extension Sandbox.Conversation {
    fileprivate var isProbe: Bool { toAddress?.hasPrefix("probe-") ?? false }
}

private actor NextThread {
    private var rest: Range<Int>
    init(_ count: Int) { rest = 0..<count }
    func take() -> Int? { rest.popFirst() }
}
