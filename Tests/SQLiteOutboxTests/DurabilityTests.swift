import Foundation
import GRDB
import Outbox
import TestSupport
import Testing

@testable import SQLiteOutbox

@Suite(.timeLimit(.minutes(15)))
struct DurabilityTests {
    @Test func everyCommitWaitsForTheDisk() async throws {
        try await withStore { store, _, temporary in
            let settings = try await store.queue.database.read { database in
                try ["synchronous", "auto_vacuum", "foreign_keys", "mmap_size", "trusted_schema"]
                    .map { try Int.fetchOne(database, sql: "PRAGMA \($0)") ?? -1 }
            }
            #expect(settings == [2, 2, 1, 0, 0])
            let file = try FileManager.default.attributesOfItem(atPath: temporary.path)
            #expect(file[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func whatWasAnsweredForIsThereAfterAReopening() async throws {
        try await withStore { store, clock, temporary in
            let bench = Workbench(store, clock)
            let binding = Binding(organization: "o", provider: "p")
            try await store.bind(to: binding)
            for state in EntryState.allCases where state != .sending {
                _ = try await bench.post("\(state)", in: state)
                if state == .pending { try await bench.retry(bench.claimOne(), after: .seconds(9)) }
            }
            _ = try await bench.submit(.example(thread: "keyed", key: "k"))
            let summary = try await store.summary()
            let entries = try await store.entries(EntryQuery(limit: 500))
            let changes = try await store.changes(after: 0, limit: 500)
            await store.close()

            let again = try await temporary.open(clock)
            #expect(try await again.summary() == summary)
            #expect(try await again.entries(EntryQuery(limit: 500)) == entries)
            #expect(try await again.changes(after: 0, limit: 500) == changes)
            let repeated = try await again.accept(.example(thread: "x", key: "k"))
            #expect(
                repeated
                    == .duplicate(
                        of: MessageID(rawValue: entries[0].id.rawValue), thread: ThreadKey("keyed"))
            )
            await #expect(throws: StoreError.boundElsewhere(binding)) {
                try await again.bind(to: Binding(organization: "x", provider: "p"))
            }
            let claim = try await Workbench(again, clock).claimOne()
            #expect(claim.fence.rawValue > summary.lastChange)
            await again.close()
        }
    }

    @Test func whatWasBeingSentInACrashIsInDoubt() async throws {
        try await withStore { store, clock, temporary in
            let bench = Workbench(store, clock)
            var sent: [EntryID] = []
            for number in 0..<450 { sent.append(try await bench.post("\(number)")) }
            let blocked = try await bench.post("0")
            let claims = try await bench.claim(1000)
            let crashed = try TemporaryStore()
            try temporary.copy(to: crashed)

            let again = try await crashed.open(clock)
            let summary = try await again.summary()
            #expect(summary.counts[.inDoubt] == 450)
            #expect(summary.counts[.sending] == 0)
            let record = try await again.entry(sent[0])
            #expect(record.entry.reason == "the bridge ended while it was being sent")
            #expect(record.entry.tries == 1)
            #expect(record.attempts.map(\.endedAt) == [nil])
            let reopened = Workbench(again, clock)
            #expect(try await reopened.claim().isEmpty)
            await #expect(throws: StoreError.stale) {
                try await reopened.settle(claims[0], .delivered(reference: nil))
            }
            _ = try await again.perform(.delivered(reference: "seen"), on: sent[0], by: "anna")
            #expect(try await reopened.claimOne().deliveries.map(\.entry.id) == [blocked])
            await again.close()
            try crashed.remove()
        }
    }

    @Test func numbersGoOnAboveTheOldOnesWithAClockSetBack() async throws {
        try await withStore { store, clock, temporary in
            let bench = Workbench(store, clock)
            let id = try await bench.post("a")
            clock.advance(by: .seconds(1))
            try await bench.settle(bench.claimOne(), .delivered(reference: "first"))
            await store.close()
            clock.setWall(clock.now + .seconds(-7200))
            let again = Workbench(try await temporary.open(clock), clock)
            #expect(try await again.post("a") > id)
            try await again.settle(again.claimOne(), .delivered(reference: "second"))
            let later = try await again.store.neighbours(of: "first").later
            #expect(later.map(\.observation.reference) == ["second"])
        }
    }

    @Test func aClockSetBackDelaysNothing() async throws {
        try await withStore { store, clock, temporary in
            let bench = Workbench(store, clock)
            let first = try await bench.post("a")
            try await bench.retry(bench.claimOne(), after: .seconds(30))
            let second = try await bench.post("b")
            clock.setWall(clock.now + .seconds(-7200))
            #expect(try await bench.claimOne().deliveries.map(\.entry.id) == [second])
            let due = try await store.claim(from: [.standard], limit: 1).nextDue
            #expect(due == clock.now + .seconds(30))
            #expect(try await bench.entry(first).dueAt == due)
            clock.advance(by: .seconds(10))
            await store.close()

            clock.setWall(clock.now + .seconds(-7200))
            let again = Workbench(try await temporary.open(clock), clock)
            #expect(try await again.claim().isEmpty)
            clock.advance(by: .seconds(20))
            #expect(try await again.claimOne().deliveries.map(\.entry.id) == [first])
        }
    }

    @Test func agesGoOnAfterAReopening() async throws {
        try await withStore { store, clock, temporary in
            let bench = Workbench(store, clock)
            clock.advance(by: .seconds(100))
            try await bench.post()
            clock.advance(by: .seconds(7))
            await store.close()
            clock.advance(by: .seconds(1000))
            let again = Workbench(try await temporary.open(clock), clock)
            clock.advance(by: .seconds(2))
            #expect(try await again.claimOne().deliveries.map(\.age) == [.seconds(9)])
        }
    }

    @Test func aCrashLosesLittleOfAnAge() async throws {
        try await withStore { store, clock, temporary in
            let bench = Workbench(store, clock)
            let id = try await bench.post("a")
            clock.advance(by: .seconds(100))
            try await bench.post("b")
            clock.advance(by: .seconds(20))
            try await bench.post("c")
            let crashed = try TemporaryStore()
            try temporary.copy(to: crashed)
            let again = Workbench(try await crashed.open(clock), clock)
            let ages = try await again.claim().flatMap(\.deliveries).map(\.age)
            #expect(ages == [.seconds(100), .zero, .zero])
            #expect(try await again.state(id) == .sending)
            try crashed.remove()
        }
    }

    @Test func whatWaitsIsCountedAfterAReopening() async throws {
        try await withStore { store, clock, temporary in
            let bench = Workbench(store, clock)
            for number in 0..<3 { try await bench.post("\(number)") }
            _ = try await bench.claim(1)
            #expect(store.load.pending == 3)
            #expect(store.load.freeBytes ?? 0 > 0)
            await store.close()
            let again = try await temporary.open(clock)
            #expect(again.load.pending == 2)
            await again.close()
        }
    }

    @Test func callsAreKept() async throws {
        try await withStore { store, clock, temporary in
            store.count(.create)
            await store.close()
            let again = try await temporary.open(clock)
            #expect(again.callsThisMonth == [.create: 1])
            again.count(.create)
            clock.advance(by: .seconds(30))
            _ = try await again.sweep(except: [])
            again.count(.tag)
            let crashed = try TemporaryStore()
            try temporary.copy(to: crashed)
            let recovered = try await crashed.open(clock)
            #expect(recovered.callsThisMonth == [.create: 2])
            await again.close()
            await recovered.close()
            try crashed.remove()
        }
    }

    @Test func callsOfMoreThanAYearAgoAreForgotten() async throws {
        try await withStore { store, clock, temporary in
            store.count(.create)
            clock.advance(by: .seconds(340 * 86_400))
            store.count(.tag)
            await store.close()
            let again = try await temporary.open(clock)
            clock.advance(by: .seconds(90 * 86_400))
            again.count(.create)
            await again.close()
            let months = try await DatabaseQueue(path: temporary.path).read {
                try String.fetchAll($0, sql: "SELECT month FROM call_count ORDER BY month")
            }
            #expect(months == ["2027-02", "2027-05"])
        }
    }

    @Test func aDamagedPayloadIsNotAMessage() async throws {
        try await withStore { store, clock, _ in
            let bench = Workbench(store, clock)
            try await bench.post()
            try await store.queue.database.write {
                try $0.execute(sql: "UPDATE payload SET body = x'00ff'")
            }
            let claim = try await bench.claimOne()
            #expect(claim.deliveries.count == 1)
            #expect(claim.deliveries.allSatisfy { $0.content == nil })
        }
    }
}

extension TemporaryStore {
    /// What a power cut at this moment would leave.
    func copy(to other: TemporaryStore) throws {
        for suffix in ["", "-wal", ".lock"]
        where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: other.path + suffix)
        }
    }
}
