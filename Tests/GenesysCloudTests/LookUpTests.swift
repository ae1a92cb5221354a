import GenesysCloud
import Outbox
import Sandbox
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct LookUpTests {
    @Test func asksTheNextSourceWhereTheFirstIsNotAllowed() async throws {
        try await Bench.with([.analytics, .attributes]) { bench in
            await bench.forbid("analytics:conversationDetail:view")
            try await bench.doubted(2)
            #expect(await bench.look(for: 2).reference != nil)
        }
    }

    @Test func saysTheMostHopefulOfWhatItsSourcesSay() async throws {
        try await Bench.with([.analytics, .attributes]) { bench in
            await bench.forbid("analytics:conversationDetail:view")
            let one = await bench.look(for: 2)
            #expect(one.label == "unseen")
            #expect(one.says("analytics: 403 missing.permissions"))
            #expect(one.says("attributes: shows nothing yet"))
            await bench.sandbox.plan(.init(on: .search, do: .status, status: 503))
            #expect(await bench.look(for: 2).label == "unavailable")
            await bench.forbid("conversation:participant:attributesview")
            #expect(await bench.look(for: 2).label == "blind")
        }
    }

    @Test func isBlindWithoutASource() async throws {
        try await Bench.with([]) { bench in
            #expect(await bench.look(for: 2) == .blind("retry.lookUp is empty"))
        }
    }

    @Test func stopsAskingWhatTheRoleDoesNotAllowAndGoesOnCreating() async throws {
        try await Bench.with { bench in
            await bench.forbid("analytics:conversationDetail:view")
            for _ in 1...3 {
                let sighting = await bench.look(for: 2)
                #expect(sighting.label == "blind")
                #expect(sighting.says("give the client's role analytics:conversationDetail:view"))
            }
            #expect(bench.calls(.analytics) == 1)
            #expect(bench.destination.breakers.status(.create) == nil)
            try await bench.delivered(3)
            await bench.sandbox.change { $0.clients[0].permissions = Sandbox.Client.leastPrivilege }
            bench.clock.advance(by: .seconds(30))
            #expect(await bench.look(for: 2).label == "absent")
            #expect(bench.destination.breakers.status(.analytics) == nil)
        }
    }

    @Test func pausesAfterFiveFailures() async throws {
        try await Bench.with { bench in
            await bench.sandbox.plan(.init(on: .lookUp, do: .status, times: 0, status: 500))
            for _ in 1...7 { #expect(await bench.look(for: 2).label == "unavailable") }
            #expect(bench.calls(.analytics) == 5)
            let sighting = await bench.look(for: 2)
            #expect(sighting.says("5 failures in a row"))
        }
    }

    @Test(arguments: [
        Sandbox.Fault(on: .lookUp, do: .reset), Sandbox.Fault(on: .lookUp, do: .half),
        Sandbox.Fault(on: .lookUp, do: .status, status: 504),
        Sandbox.Fault(on: .lookUp, do: .status, status: 502, body: "<h1>Bad Gateway</h1>"),
        Sandbox.Fault(on: .lookUp, do: .status, status: 429, retryAfter: 1),
        Sandbox.Fault(on: .lookUp, do: .status, times: 2, status: 401),
        Sandbox.Fault(on: .now, do: .refuse, resetsConnections: true),
    ])
    func isUnavailableWhereTheSourceFails(fault: Sandbox.Fault) async throws {
        try await Bench.with { bench in
            await bench.sandbox.plan(fault)
            #expect(await bench.look(for: 2).label == "unavailable")
        }
    }

    @Test func isUnavailableWhileTheClientIsRefused() async throws {
        try await Bench.with { bench in
            await bench.sandbox.change { $0.clients[0].secret = "another" }
            #expect(await bench.look(for: 2).label == "unavailable")
        }
    }

    @Test func endsWithTheMonthsShareAndCreatesOn() async throws {
        try await Bench.with(monthlyCalls: 100) { bench in
            bench.books.calls.withLock { $0 = [.create: 500, .analytics: 5, .tag: 3] }
            #expect(await bench.look(for: 2).label == "unseen")
            let sighting = await bench.look(for: 2)
            #expect(sighting.label == "blind")
            #expect(sighting.says("genesys.monthlyCalls (100)"))
            #expect(bench.calls(.analytics) == 7)
            try await bench.delivered(3)
            #expect(bench.calls(.create) == 501)
        }
    }
}

extension Bench {
    /// Takes a permission from the role.
    func forbid(_ permission: String) async {
        await sandbox.change { $0.clients[0].permissions.removeAll { $0 == permission } }
    }
}
