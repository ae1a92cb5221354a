import GRDB
import Outbox
import TestSupport
import Testing

@testable import SQLiteOutbox

@Suite(.timeLimit(.minutes(15)))
struct DeskKeepingTests {
    private let thread = ThreadName(ShopName("shop"), ThreadKey("thread"))

    @Test func whatAgentsHaveBegunOutlivesARestart() async throws {
        try await withStore { store, clock, temporary in
            try await Workbench(store, clock).post()
            let file = try await store.begin(
                "a.pdf", contentType: "application/pdf", size: 5, in: thread, by: "a1")
            try await store.append([1, 2, 3], number: 0, to: file)
            let draft = Draft(
                thread: thread, conversation: "c", agent: Agent(id: "a1", name: "Sam"),
                kind: .answer, body: "Soon.", files: [file], at: clock.now)
            try await store.keep(draft)
            try await store.keep(login: [1], under: [2], until: clock.now + .seconds(60))
            let key = try await store.linkKey()
            await store.close()
            let again = try await temporary.open(clock)
            #expect(try await again.drafts(in: thread) == [draft])
            #expect(try await again.login(under: [2]) == [1])
            #expect(try await again.linkKey() == key)
            try await again.append([4, 5], number: 1, to: file)
            #expect(try await again.file(file).size == 5)
            // No later file has the number of an earlier one, though the clock stands still.
            let other = try await again.begin(
                "b.pdf", contentType: "application/pdf", size: 0, in: thread, by: "a1")
            #expect(other > file)
            await again.close()
        }
    }

    @Test func expiredLoginsGoAHundredAtATime() async throws {
        try await withStore { store, clock, _ in
            for number in 0..<150 {
                try await store.keep(
                    login: [1], under: [UInt8(number)], until: clock.now + .seconds(1))
            }
            clock.advance(by: .seconds(1))
            func left() async throws -> Int? {
                try await store.keep(login: [1], under: [200], until: clock.now + .seconds(60))
                return try await store.queue.database.read {
                    try Int.fetchOne($0, sql: "SELECT count(*) FROM login")
                }
            }
            #expect(try await left() == 51)
            #expect(try await left() == 1)
        }
    }

    @Test func keysOfLinksAreDrawnByChance() async throws {
        var keys: Set<[UInt8]> = []
        for _ in 0..<3 {
            try await withStore { store, _, _ in keys.insert(try await store.linkKey()) }
        }
        #expect(keys.count == 3)
    }
}
