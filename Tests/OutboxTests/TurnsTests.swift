import Testing

@testable import Outbox

struct TurnsTests {
    @Test func givesEachUrgencyItsShare() {
        var turns = Turns()
        let all = turns.next(190)
        #expect(all.filter { $0 == .new }.count == 140)
        #expect(all.filter { $0 == .retry }.count == 40)
        #expect(all.filter { $0 == .bulk }.count == 10)
    }

    @Test func neverLetsANewEntryWaitForMoreThanOneTurnOfOthers() {
        var turns = Turns()
        let all = turns.next(500)
        #expect(zip(all, all.dropFirst()).allSatisfy { $0 == .new || $1 == .new })
    }
}
