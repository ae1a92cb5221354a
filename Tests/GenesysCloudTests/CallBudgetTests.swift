import Outbox
import Testing

@testable import GenesysCloud

struct CallBudgetTests {
    func budget(_ monthlyCalls: Int?, _ used: [CallKind: Int]) -> CallBudget {
        CallBudget(monthlyCalls: monthlyCalls, used: { used }, count: { _ in })
    }

    @Test func leavesATenthToAllBackgroundCallsTogether() {
        let used: [CallKind: Int] = [.analytics: 40, .attributes: 30, .conversation: 20, .tag: 9]
        #expect(budget(1000, used).refusal(of: .analytics) == nil)
        let full = used.merging([.tag: 10]) { $1 }
        for kind in [CallKind.analytics, .attributes, .conversation, .tag] {
            #expect(budget(1000, full).refusal(of: kind) != nil)
        }
    }

    @Test func neverStopsACreation() {
        let used: [CallKind: Int] = [.create: 9000, .account: 9000, .analytics: 9000]
        #expect(budget(0, used).refusal(of: .create) == nil)
        #expect(budget(0, used).refusal(of: .account) == nil)
    }

    @Test func stopsNothingWithoutAMonthlyNumber() {
        #expect(budget(nil, [.analytics: .max]).refusal(of: .analytics) == nil)
    }
}
