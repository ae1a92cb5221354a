import Foundation
import HTTPTypes
import Testing

@testable import Sandbox

@Suite("Journal")
struct JournalTests {
    @Test func theJournalKeepsTheLastCallsInTheirOrder() {
        var journal = Journal(capacity: 3)
        for number in 1...5 {
            let call = Call(
                method: .get, target: "/\(number)", headers: [:], body: Data(), connection: 1)
            #expect(journal.append(call, at: "", fault: nil) == number)
        }
        journal.update(1) { $0.token = "forgotten" }
        journal.update(4) { $0.token = "kept" }
        let entries = journal.entries(path: "/", last: 10)
        #expect(entries.map(\.number) == [3, 4, 5])
        #expect(entries.map(\.token) == [nil, "kept", nil])
        #expect(journal.entries(path: "/5", last: 10).count == 1)
        #expect(journal.entries(path: "/", last: 2).map(\.number) == [4, 5])
    }
}
