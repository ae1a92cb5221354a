import GenesysCloud
import Outbox
import Sandbox
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct TaggingTests {
    @Test func namesANewConversationByItsEntry() async throws {
        try await Bench.with { bench in
            try await bench.tagging {
                try await bench.delivered(1)
                try await bench.until { $0.allSatisfy { $0.externalTag != nil } }
            }
            #expect(
                try await bench.conversation(of: 1).externalTag == bench.entry(1).id.description)
        }
    }

    @Test func doesNotStandInADeliverysWay() async throws {
        try await Bench.with { bench in
            await bench.sandbox.plan(.init(on: .tag, do: .hold))
            try await bench.tagging {
                try await bench.delivered(1)
                try await bench.sandbox.held()
                try await bench.delivered(2)
            }
            // The held call ended with the task.
            try await bench.sandbox.held(0)
            #expect(await bench.sandbox.conversations().allSatisfy { $0.externalTag == nil })
        }
    }

    @Test func failsNoDeliveryAndStopsWhereTheRoleDoesNotAllowIt() async throws {
        try await Bench.with { bench in
            await bench.forbid("conversation:externalTag:edit")
            for number in 1...5 { try await bench.delivered(Int64(number)) }
            try await bench.tagging {
                try await bench.until { _ in
                    bench.destination.breakers.status(.tag) != nil
                }
                await bench.sandbox.change {
                    $0.clients[0].permissions = Sandbox.Client.leastPrivilege
                }
                bench.clock.advance(by: .seconds(30))
                try await bench.delivered(6)
                try await bench.until { $0.last?.externalTag != nil }
            }
            #expect(await bench.sandbox.conversations().filter { $0.externalTag != nil }.count == 1)
            #expect(bench.calls(.tag) == 2)
        }
    }

    @Test func forgetsTheOldestOfTooMany() async throws {
        try await Bench.with { bench in
            for number in 1...258 { try await bench.delivered(Int64(number)) }
            let calls = await bench.sandbox.journal().count
            try await bench.tagging {
                _ = try await bench.sandbox.journal(atLeast: calls + 256)
                try await bench.until { $0.last?.externalTag != nil }
            }
            let tags = await bench.sandbox.conversations().map(\.externalTag)
            #expect(tags.prefix(2).allSatisfy { $0 == nil })
            #expect(tags.dropFirst(2).allSatisfy { $0 != nil })
        }
    }
}

extension Bench {
    /// Does so while the destination tags.
    fileprivate func tagging(_ body: () async throws -> Void) async throws {
        async let _ = destination.run()
        try await body()
    }

    /// Waits for what the sandbox shows.
    fileprivate func until(
        _ isSo: @Sendable ([Sandbox.Conversation]) -> Bool
    ) async throws {
        while !isSo(await sandbox.conversations()) {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
