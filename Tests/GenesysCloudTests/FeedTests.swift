import ExactJSON
import Outbox
import Sandbox
import TestSupport
import Testing

@testable import GenesysCloud

@Suite(.timeLimit(.minutes(15)))
struct FeedTests {
    static let channels = "/api/v2/notifications/channels"

    @Test func tellsTheStoreOfEveryChange() async throws {
        try await FeedBench.with { bench in
            let id = try await bench.conversation()
            try await bench.following {
                try await bench.sandbox.offer(id, to: FeedBench.sam)
                try await bench.until(1, .alerting)
                try await bench.sandbox.setAgent(.connected, on: id)
                try await bench.until(1, .withAgent)
                #expect(
                    try await bench.seen().agent == Agent(id: FeedBench.sam, name: "Sam Carter"))
                try await bench.sandbox.setAgent(.parked, on: id)
                try await bench.until(1, .parked)
                try await bench.sandbox.end(id)
                try await bench.until(1, .ended)
                #expect(try await bench.seen().end == .system)
                #expect(try await bench.seen().queue?.name == "Shop Support")
            }
            // None of it was asked for: once all were compared, no time has passed.
            #expect(bench.bench.calls(.follow) == 1)
            #expect(bench.bench.calls(.conversation) == 0)
        }
    }

    @Test func followsATransferToAQueueThatNobodyHadNamed() async throws {
        try await FeedBench.with { bench in
            let id = try await bench.conversation()
            await bench.allowTransfers()
            try await bench.following {
                try await bench.transfer(id)
                try await bench.until { try await bench.seen().queue?.id == FeedBench.billing }
                try await bench.until { await bench.feed.status.queues == 2 }
                // What came before the topic was told of is asked for.
                try await bench.until { bench.bench.calls(.conversation) == 2 }
                try await bench.sandbox.end(id)
                try await bench.until(1, .ended)
            }
        }
    }

    @Test func learnsTheQueueOfAFlowByComparing() async throws {
        try await FeedBench.with(queues: []) { bench in
            let id = try await bench.conversation()
            try await bench.following {
                #expect(await bench.feed.status.queues == 1)
                try await bench.sandbox.offer(id, to: FeedBench.sam)
                try await bench.until(1, .alerting)
            }
        }
    }

    @Test func asksForAllAfterAConnectionIsCut() async throws {
        try await FeedBench.with { bench in
            let id = try await bench.conversation()
            try await bench.following {
                await bench.sandbox.cutFeed()
                try await bench.until { await bench.feed.status.connectedSince == nil }
                try await bench.sandbox.setAgent(.connected, on: id)
                try await bench.untilAlarm(within: .seconds(1))
                let since = bench.bench.clock.now
                bench.bench.clock.advance(by: .seconds(1))
                try await bench.until(1, .withAgent)
                try await bench.until {
                    await bench.feed.status.connectedSince == since + .seconds(1)
                }
                try await bench.sandbox.end(id)
                try await bench.until(1, .ended)
            }
        }
    }

    @Test func leavesAConnectionOnWhichNothingIsHeard() async throws {
        try await FeedBench.with { bench in
            try await bench.following {
                try await bench.pass(.seconds(60))
                await bench.sandbox.setFeed(.init(silent: true))
                bench.bench.clock.advance(by: .seconds(60))
                // The ping has gone out once its answer is waited for.
                try await bench.untilAlarm(within: .seconds(10))
                #expect(await bench.feed.status.connectedSince != nil)
                bench.bench.clock.advance(by: .seconds(10))
                try await bench.until { await bench.feed.status.connectedSince == nil }
                #expect(await bench.feed.status.trouble?.contains("nothing was heard") == true)
                await bench.sandbox.setFeed(.init())
                try await bench.untilAlarm(within: .seconds(1))
                bench.bench.clock.advance(by: .seconds(1))
                try await bench.until { await bench.feed.status.connectedSince != nil }
            }
        }
    }

    @Test func opensAnotherChannelWhenTheEndOfOneIsAnnounced() async throws {
        try await FeedBench.with { bench in
            let id = try await bench.conversation()
            try await bench.following {
                try await bench.pass(.seconds(60))
                bench.bench.genesys.advance(by: .seconds(24 * 3600 - 60))
                try await bench.until { await bench.calls("POST", Self.channels) == 2 }
                try await bench.sandbox.feedConnections(1)
                #expect(await bench.feed.status.connectedSince != nil)
                #expect(await bench.feed.status.trouble == nil)
                bench.bench.genesys.advance(by: .seconds(120))
                try await bench.sandbox.offer(id, to: FeedBench.sam)
                try await bench.until(1, .alerting)
                #expect(await bench.calls("POST", Self.channels) == 2)
            }
        }
    }

    @Test func renewsAChannelInTheMiddleOfItsLife() async throws {
        try await FeedBench.with { bench in
            try await bench.following {
                let before = await bench.calls("PUT", Self.channels)
                for time in 1...2 {
                    try await bench.pass(.seconds(12 * 3600))
                    try await bench.until {
                        await bench.calls("PUT", Self.channels) == before + time
                    }
                }
                #expect(await bench.calls("POST", Self.channels) == 1)
            }
        }
    }

    @Test func comparesEachMinuteWhereGenesysTellsOfNothing() async throws {
        try await FeedBench.with { bench in
            let id = try await bench.conversation()
            await bench.sandbox.change { $0.queues = [] }
            try await bench.following(connected: false) {
                try await bench.until { await bench.feed.status.trouble != nil }
                let status = await bench.feed.status
                #expect(status.trouble == "Genesys tells of no queue")
                #expect(status.rejections.map(\.reason) == ["there is no such queue"])
                #expect(status.queues == 0)
                for stage in [ConversationStage.alerting, .withAgent, .ended] {
                    switch stage {
                    case .alerting: try await bench.sandbox.offer(id, to: FeedBench.sam)
                    case .withAgent: try await bench.sandbox.setAgent(.connected, on: id)
                    default: try await bench.sandbox.end(id)
                    }
                    bench.bench.clock.advance(by: .seconds(60))
                    try await bench.until(1, stage)
                    try await bench.until {
                        await bench.feed.status.reconciledAt == bench.bench.clock.now
                    }
                }
            }
        }
    }

    @Test func takesNoAnswerThatBeganBeforeWhatWasTold() async throws {
        try await FeedBench.with { bench in
            let id = try await bench.conversation()
            try await bench.following {
                await bench.sandbox.plan(.init(on: .read, do: .hold, applied: true))
                try await bench.pass(.seconds(300))
                try await bench.sandbox.held()
                try await bench.sandbox.setAgent(.connected, on: id)
                try await bench.until(1, .withAgent)
                await bench.sandbox.release()
                try await bench.until {
                    await bench.feed.status.reconciledAt == bench.bench.clock.now
                }
                #expect(try await bench.seen().stage == .withAgent)
            }
        }
    }

    @Test func believesNoAnalyticsThatAreBehindWhatWasTold() async throws {
        try await FeedBench.with { bench in
            let id = try await bench.conversation()
            try await bench.following {
                bench.bench.genesys.advance(by: .seconds(5))
                try await bench.sandbox.setAgent(.connected, on: id)
                try await bench.until(1, .withAgent)
                bench.bench.genesys.advance(by: .seconds(5))
                // The sandbox's analytics know of no parking.
                try await bench.sandbox.setAgent(.parked, on: id)
                try await bench.until(1, .parked)
                try await bench.pass(.seconds(300))
                try await bench.until {
                    await bench.feed.status.reconciledAt == bench.bench.clock.now
                }
                #expect(try await bench.seen().stage == .parked)
            }
        }
    }

    @Test func endsWhatGenesysKnowsNothingOfEvenLater() async throws {
        try await FeedBench.with { bench in
            try await bench.settle(1, "5a6b0c1e-0000-4000-8000-00000000dead")
            try await bench.following {
                #expect(try await bench.seen().stage == .waiting)
                #expect(bench.bench.calls(.conversation) == 1)
                try await bench.pass(.seconds(300))
                try await bench.until(1, .ended)
                #expect(try await bench.seen().end == .unknown)
            }
        }
    }

    @Test func asksNoOrganisationButTheStoresOwn() async throws {
        let refuse: @Sendable (Binding) async throws(StoreError) -> Void = {
            _ throws(StoreError) in
            throw .boundElsewhere(Binding(organization: "other", provider: Bench.provider))
        }
        try await FeedBench.with(bind: refuse) { bench in
            try await bench.settle(1, "5a6b0c1e-0000-4000-8000-00000000dead")
            try await bench.following(connected: false) {
                try await bench.until { await bench.feed.status.trouble != nil }
                for _ in 1...3 {
                    try await bench.untilAlarm(within: .seconds(60))
                    bench.bench.clock.advance(by: .seconds(60))
                }
                #expect(
                    await bench.feed.status.trouble?.contains("belongs to organisation") == true)
            }
            #expect(bench.bench.calls(.channel) + bench.bench.calls(.follow) == 0)
            #expect(try await bench.seen().stage == .waiting)
        }
    }

    @Test func learnsTheDetailsOfAnEndItWasNotToldOf() async throws {
        try await FeedBench.with { bench in
            let id = try await bench.conversation()
            try await bench.sandbox.end(id)
            try await bench.following {
                try await bench.until(1, .ended)
                #expect(try await bench.seen().end == .system)
            }
            #expect(bench.bench.calls(.conversation) == 1)
        }
    }

    @Test(arguments: ["analytics:conversationDetail:view", "conversation:communication:view"])
    func getsAlongWithoutOneOfItsPermissions(permission: String) async throws {
        try await FeedBench.with { bench in
            let id = try await bench.conversation()
            try await bench.sandbox.end(id)
            await bench.bench.forbid(permission)
            try await bench.following(connected: false) {
                try await bench.until(1, .ended)
                #expect(try await bench.seen().end == .system)
                try await bench.until { await bench.feed.status.reconcileTrouble != nil }
                let trouble = await bench.feed.status.reconcileTrouble ?? ""
                #expect(trouble.contains(permission))
            }
        }
    }

    @Test func answersALookAtOnceWhereItHasSeenTheMarker() async throws {
        try await FeedBench.with { bench in
            try await bench.following {
                try await bench.bench.doubted(7)
                let id = try await bench.bench.conversation(of: 7).id
                try await bench.until { await bench.bench.look(for: 7).reference == id }
                #expect(bench.bench.calls(.analytics) == 0)
                #expect(await bench.bench.look(for: 8).label == "unseen")
            }
        }
    }

    /// At most a tenth of 300 calls a minute for 1,500 live conversations, a few of which change each minute.
    @Test func costsATenthOfTheLimitAtTheMost() async throws {
        try await FeedBench.with { bench in
            let ids = try await bench.conversations(1500)
            try await bench.following {
                for minute in 0..<20 {
                    for number in 0..<5 {
                        try await bench.sandbox.setAgent(.connected, on: ids[minute * 5 + number])
                        if minute > 0 { try await bench.sandbox.end(ids[minute * 5 - 5 + number]) }
                    }
                    bench.bench.genesys.advance(by: .seconds(60))
                    try await bench.pass(.seconds(60))
                    guard minute % 5 == 4 else { continue }
                    try await bench.until {
                        await bench.feed.status.reconciledAt == bench.bench.clock.now
                    }
                }
            }
            let calls = bench.bench.calls
            let made = calls(.follow) + calls(.conversation) + calls(.channel)
            #expect(made <= 30 * 20)
            // All were compared five times, at fifty a call.
            #expect(calls(.follow) >= 5 * 28)
            #expect(try await bench.seen(1).stage == .ended)
            #expect(try await bench.seen(100).stage == .withAgent)
            #expect(try await bench.seen(1500).stage == .waiting)
        }
    }
}

extension FeedBench {
    fileprivate func allowTransfers() async {
        await sandbox.change {
            $0.clients[0].permissions.append("conversation:communication:blindTransfer")
        }
    }

    /// An agent takes it and hands it over to Billing.
    fileprivate func transfer(_ id: String) async throws {
        try await sandbox.setAgent(.connected, on: id)
        let path = "/api/v2/conversations/emails/\(id)"
        let sides = try await bench.client.call(.conversation, "GET", path).body?["participants"]
        let agent = sides?.array?.last?["id"]?.string ?? ""
        let answer = try await bench.client.call(
            .agent, "POST", "\(path)/participants/\(agent)/replace",
            ["transferType": "Unattended", "queueId": .string(Self.billing)])
        try #require(answer.status == 202)
    }
}
