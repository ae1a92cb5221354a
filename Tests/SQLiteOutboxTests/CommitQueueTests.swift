import Dispatch
import Foundation
import GRDB
import Outbox
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import SQLiteOutbox

@Suite(.timeLimit(.minutes(15)))
struct CommitQueueTests {
    @Test func whatComesDuringACommitSharesTheNext() async throws {
        try await withStore { store, clock, _ in
            let bench = Workbench(store, clock)
            let before = store.commits
            try await store.queue.together(300) { number in
                _ = try await bench.post("thread \(number)")
            }
            #expect(store.commits - before == 2)
            #expect(try await store.summary().counts[.pending] == 300)
        }
    }

    @Test func aRefusalConcernsItsCallerOnly() async throws {
        try await withStore { store, clock, _ in
            let bench = Workbench(store, clock)
            _ = try await bench.submit(.example(key: "k"))
            let refused = Mutex<[Int]>([])
            let before = store.commits
            try await store.queue.together(9) { number in
                do throws(StoreError) {
                    _ = try await bench.submit(
                        .example(key: number == 4 ? "k" : "k\(number)", digest: [9]))
                } catch {
                    refused.withLock { $0.append(number) }
                }
            }
            #expect(refused.withLock { $0 } == [4])
            #expect(store.commits - before == 1)
            #expect(try await store.summary().counts[.pending] == 9)
        }
    }

    @Test func anErrorOfOneOperationLeavesTheOthersAlone() async throws {
        try await withStore { store, clock, _ in
            let bench = Workbench(store, clock)
            let failed = Mutex<[Int]>([])
            try await store.queue.together(9) { number in
                if number == 4 {
                    await #expect(throws: StoreError.self) {
                        try await store.queue.write { writer in
                            try writer.sql.insertPayload.run(1, [UInt8]?.none)
                        }
                    }
                    failed.withLock { $0.append(number) }
                } else {
                    try await bench.post("new \(number)", shop: "shop \(number)")
                }
            }
            #expect(failed.withLock { $0 } == [4])
            let summary = try await store.summary()
            #expect(summary.counts[.pending] == 8)
            #expect(summary.awaitingAgent == 8)
            #expect(
                try await store.changes(after: 0, limit: 99).map(\.sequence) == Array(1...8))
        }
    }

    @Test func aFullDiskRefusesWithoutALossAndHeals() async throws {
        try await withStore { store, clock, _ in
            let bench = Workbench(store, clock)
            let first = try await bench.post("first")
            try await store.limitPages(to: 1)
            let big = Submission.example(
                thread: "big", body: String(repeating: "x", count: 200_000))
            await #expect {
                _ = try await bench.submit(big)
            } throws: { error in
                if case .unavailable = error as? StoreError { true } else { false }
            }
            try await store.limitPages(to: 100_000_000)
            _ = try await bench.submit(big)
            #expect(try await bench.state(first) == .pending)
            #expect(try await store.summary().counts[.pending] == 2)
            #expect(try await store.summary().lastChange == 2)
        }
    }

    @Test func aFailedDiskEndsAllWriting() async throws {
        try await withStore { store, clock, temporary in
            let bench = Workbench(store, clock)
            let first = try await bench.post("first")
            try makeReadOnly(temporary.path + "-wal")
            for _ in 0..<3 {
                await #expect {
                    try await bench.post("lost")
                } throws: { error in
                    if case .unavailable = error as? StoreError { true } else { false }
                }
            }
            await #expect(throws: StoreError.self) { try await store.run() }
            let before = try Data(contentsOf: URL(fileURLWithPath: temporary.path))
            await store.close()
            #expect(try Data(contentsOf: URL(fileURLWithPath: temporary.path)) == before)

            let again = try await temporary.open(clock)
            #expect(try await again.entries(EntryQuery()).map(\.id) == [first])
            await again.close()
        }
    }

    @Test func theServiceClosesTheStoreInTheEnd() async throws {
        try await withStore { store, clock, temporary in
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            let group = ServiceGroup(
                services: [store, Starter(started: start)], logger: .quiet)
            async let running: Void = group.run()
            for await _ in started { break }
            await group.triggerGracefulShutdown()
            try await running
            await #expect(throws: StoreError.unavailable("the store is closed")) {
                try await Workbench(store, clock).post()
            }
        }
    }

    @Test func aLongLogIsMovedIntoTheStoreBetweenCommits() async throws {
        try await withStore { store, _, temporary in
            let before = try size(of: temporary.path)
            let body = [UInt8](repeating: 7, count: 1_000_000)
            for number in 1...20 {
                try await store.queue.write { try $0.sql.insertPayload.run(number, body) }
            }
            #expect(try size(of: temporary.path) - before > 10_000_000)
            #expect(try size(of: temporary.path + "-wal") < 20_000_000)
        }
    }
}

private struct Starter: Service {
    let started: AsyncStream<Void>.Continuation

    func run() async throws {
        started.yield()
        try await gracefulShutdown()
    }
}

extension CommitQueue {
    /// Runs operations so that all of them wait for the same commit.
    fileprivate func together(
        _ count: Int, _ operation: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let gate = DispatchSemaphore(value: 0)
        database.asyncWriteWithoutTransaction { _ in gate.wait() }
        try await withThrowingTaskGroup { group in
            for number in 0..<count { group.addTask { try await operation(number) } }
            while waiting < count { await Task.yield() }
            gate.signal()
            try await group.waitForAll()
        }
    }
}

extension SQLiteOutbox {
    /// Lets the file grow to so many pages only, as a full disk would.
    fileprivate func limitPages(to count: Int) async throws {
        _ = try await queue.database.write {
            try Int.fetchOne($0, sql: "PRAGMA max_page_count = \(count)")
        }
    }
}

/// Puts a descriptor that cannot write in the place of the open file's: the next write is an I/O error.
private func makeReadOnly(_ path: String) throws {
    let replacement = open(path, O_RDONLY)
    try #require(replacement >= 0)
    defer { close(replacement) }
    var replaced = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
        guard let descriptor = Int32(name), descriptor != replacement,
            let target = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/fd/\(name)"),
            target == path
        else { continue }
        dup2(replacement, descriptor)
        replaced += 1
    }
    try #require(replaced > 0)
}

private func size(of path: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
}
