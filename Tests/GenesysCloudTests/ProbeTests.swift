import GenesysCloud
import Outbox
import Sandbox
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct ProbeTests {
    let told = Told()

    @Test func measuresWhenEachSourceShowsItsConversation() async throws {
        try await Bench.with { bench in
            await bench.sandbox.change {
                $0.analyticsLag = 12
                $0.searchLag = 21
            }
            let findings = try await bench.probed(told)
            #expect(findings.organization == (await bench.sandbox.settings().organization.id))
            #expect(findings.provider == Bench.provider)
            #expect(
                findings.sources == [
                    .analytics: .shown(after: .seconds(15)),
                    .attributes: .shown(after: .seconds(25)),
                ])
        }
    }

    @Test func saysWhichSourceDoesNotShowIt() async throws {
        try await Bench.with { bench in
            await bench.sandbox.change { $0.indexesAddressTo = false }
            await bench.forbid("conversation:participant:attributesview")
            let findings = try await bench.probed(told)
            #expect(findings.sources[.analytics] == .missed("not shown within 180 seconds"))
            guard case .missed(let reason) = findings.sources[.attributes] else {
                Issue.record("the attribute search showed it")
                return
            }
            #expect(reason.contains("conversation:participant:attributesview"))
            #expect(try await bench.ended)
        }
    }

    @Test func isMarkedAndSaysWhatItIs() async throws {
        try await Bench.with { bench in
            _ = try await bench.probed(told)
            let conversation = await bench.sandbox.conversations()[0]
            #expect(conversation.toAddress?.hasPrefix("probe-") == true)
            #expect(conversation.attributes["bridge.key"] == conversation.toAddress)
            #expect(conversation.subject?.contains("Check of genesys-bridge") == true)
            #expect(told.lines.contains { $0.contains(conversation.id) })
        }
    }

    @Test(arguments: [
        (Sandbox.Purpose.customer, false, Findings.AttributeChange.merges),
        (.external, true, .replaces),
    ])
    func measuresWhoStandsFirstAndWhatAChangeLeaves(
        purpose: Sandbox.Purpose, replaces: Bool, change: Findings.AttributeChange
    ) async throws {
        try await Bench.with { bench in
            await bench.sandbox.change {
                $0.purpose = purpose
                $0.replacesAttributes = replaces
            }
            let findings = try await bench.probed(told)
            #expect(findings.purpose == purpose.rawValue)
            #expect(findings.attributeChange == change)
        }
    }

    @Test(arguments: [(false, Findings.FollowUp.refused), (true, .reconnects)])
    func measuresAMessageAfterTheEndAndEndsItAgain(
        takes: Bool, followUp: Findings.FollowUp
    ) async throws {
        try await Bench.with { bench in
            await bench.sandbox.change { $0.endedTakesFollowUps = takes }
            let findings = try await bench.probed(told)
            #expect(findings.followUp == followUp)
            #expect(findings.leftOpen == nil)
            #expect(try await bench.ended)
            #expect(await bench.sandbox.conversations()[0].inboundMessages == (takes ? 1 : 0))
        }
    }

    @Test func readsTheOrganisationsLimits() async throws {
        try await Bench.with { bench in
            let findings = try await bench.probed(told)
            #expect(findings.limits["client.credentials.token.rate.per.minute"] == 300)
        }
    }

    @Test func endsItWhateverFailsBefore() async throws {
        try await Bench.with { bench in
            await bench.forbid("conversation:communication:view")
            await bench.sandbox.plan(
                .init(on: .lookUp, do: .reset, times: 0), .init(on: .search, do: .garbage, times: 0)
            )
            let findings = try await bench.probed(told)
            #expect(findings.attributeChange == nil)
            #expect(try await bench.ended)
        }
    }

    @Test func triesAgainToEndItAndElseSaysSo() async throws {
        try await Bench.with { bench in
            await bench.sandbox.plan(
                .init(on: .change, do: .status, times: 2, skip: 1, status: 503))
            #expect(try await bench.probed(told).leftOpen == nil)
            await bench.forbid("conversation:communication:disconnect")
            let findings = try await bench.probed(told)
            let open = await bench.sandbox.conversations()[1]
            #expect(open.state == .queued)
            #expect(findings.leftOpen == open.id)
            #expect(
                told.lines.contains {
                    $0 == "could not end conversation \(open.id): end it in Genesys Cloud"
                })
        }
    }

    @Test func endsItWhenItIsInterrupted() async throws {
        try await Bench.with { bench in
            await bench.sandbox.plan(.init(on: .lookUp, do: .hold, times: 0))
            let probe = await bench.probe(told)
            let task = Task { try await probe.run() }
            try await bench.sandbox.held()
            task.cancel()
            await #expect(throws: CheckError("interrupted")) { try await task.value }
            #expect(try await bench.ended)
        }
    }

    @Test func measuresNothingWithoutAConversation() async throws {
        try await Bench.with { bench in
            await bench.forbid("conversation:email:create")
            let refused = await #expect(throws: CheckError.self) { try await bench.probed(told) }
            #expect(refused?.description.contains("conversation:email:create") == true)
            await bench.sandbox.change { $0.clients[0].permissions = Sandbox.Client.leastPrivilege }
            await bench.sandbox.plan(.init(on: .create, do: .reset, applied: true))
            let lost = await #expect(throws: CheckError.self) { try await bench.probed(told) }
            let marker = await bench.sandbox.conversations()[0].toAddress ?? ""
            #expect(lost?.description.contains("end the one to \(marker)") == true)
        }
    }
}

/// What a probe told on its way.
final class Told: Sendable {
    private let all = Mutex<[String]>([])

    var lines: [String] { all.withLock { $0 } }

    func tell(_ line: String) { all.withLock { $0.append(line) } }
}

extension Bench {
    fileprivate func probe(_ told: Told) async -> Probe {
        Probe(
            client: client, provider: Self.provider,
            target: RouteTarget(.queue(await sandbox.settings().queues[0].id)),
            environment: clock.environment, report: { told.tell($0) })
    }

    /// Probes, with both clocks going on whenever it waits.
    fileprivate func probed(_ told: Told) async throws -> Findings {
        let probe = await probe(told)
        let clocks = Task {
            while !Task.isCancelled {
                if let wait = clock.nextAlarm {
                    genesys.advance(by: wait)
                    clock.advance(by: wait)
                }
                await Task.yield()
            }
        }
        defer { clocks.cancel() }
        return try await probe.run()
    }

    fileprivate var ended: Bool {
        get async throws { await sandbox.conversations().allSatisfy { $0.state == .ended } }
    }
}
