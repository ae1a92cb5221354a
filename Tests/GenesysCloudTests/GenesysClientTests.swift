import CurlTransport
import ExactJSON
import GenesysCloud
import Logging
import Outbox
import Sandbox
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct GenesysClientTests {
    let clock = ManualClock()

    @Test func fetchesOneTokenForManyCallsAtOnce() async throws {
        try await with { sandbox, client in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<5 { group.addTask { _ = try? await client.organization() } }
            }
            #expect(await sandbox.journal(path: "/oauth/token").count == 1)
            #expect(await sandbox.journal(path: "/api/v2/tokens/me").count == 5)
        }
    }

    @Test func renewsTheTokenBeforeItExpires() async throws {
        try await with { sandbox, client in
            await sandbox.change { $0.tokenLifetime = 300 }
            _ = try await client.organization()
            clock.advance(by: .seconds(269))
            _ = try await client.organization()
            #expect(await sandbox.journal(path: "/oauth/token").count == 1)
            clock.advance(by: .seconds(1))
            _ = try await client.organization()
            #expect(await sandbox.journal(path: "/oauth/token").count == 2)
        }
    }

    @Test func replacesATokenThatDiedEarlyAndMakesTheCallOnceMore() async throws {
        try await with { sandbox, client in
            _ = try await client.organization()
            await sandbox.plan(.init(on: .read, do: .expireToken))
            #expect(try await client.organization().id == sandbox.settings().organization.id)
            #expect(await sandbox.journal(path: "/oauth/token").count == 2)
        }
    }

    @Test func givesUpWhenEvenAFreshTokenIsRefused() async throws {
        try await with { sandbox, client in
            await sandbox.plan(.init(on: .read, do: .status, times: 2, status: 401))
            let error = await #expect(throws: CallError.self) { try await client.organization() }
            #expect(error?.kind == "unauthorized")
            #expect(await sandbox.journal(path: "/api/v2/tokens/me").count == 2)
        }
    }

    @Test(arguments: [400, 401])
    func namesTheSettingsWhenTheClientIsWrong(status: Int) async throws {
        try await with(secret: "wrong") { sandbox, client in
            await sandbox.change { $0.badClientStatus = status }
            let error = await #expect(throws: CallError.self) { try await client.organization() }
            #expect(error?.kind == "unauthorized")
            #expect(String(describing: error).contains("genesys.clientSecret"))
        }
    }

    @Test func callsNothingWhenTheLoginHostIsDown() async throws {
        try await with { sandbox, client in
            await sandbox.plan(.init(on: .token, do: .status, status: 503))
            let error = await #expect(throws: CallError.self) { try await client.organization() }
            #expect(error?.kind == "unreachable")
            _ = try await client.organization()
        }
    }

    @Test func tellsThePacerWhatTheServerSaysOfItsLimit() async throws {
        try await with { sandbox, client in
            await sandbox.allow(.init(requests: 7, seconds: 60))
            _ = try await client.organization()
            #expect(client.pacer.quota?.allowed == 7)
            #expect(client.pacer.quota?.used == 1)
        }
    }

    @Test func closesTheGateForAllCallsAfterA429() async throws {
        try await with { sandbox, client in
            await sandbox.plan(.init(on: .read, do: .status, status: 429, retryAfter: 42))
            await #expect(throws: CallError.self) { try await client.organization() }
            #expect(client.pacer.take(1).retryAt == clock.uptime + .seconds(42))
        }
    }

    @Test func namesTheQueueOrSaysWhatToDo() async throws {
        try await with { sandbox, client in
            let queue = await sandbox.settings().queues[0]
            let name = try await client.queueName(queue.id)
            #expect(name == queue.name)
            let missing = await #expect(throws: CheckError.self) {
                try await client.queueName("nowhere")
            }
            #expect(missing?.description.contains("there is no queue nowhere") == true)
            await sandbox.change { $0.clients[0].permissions = [] }
            let forbidden = await #expect(throws: CheckError.self) {
                try await client.queueName(queue.id)
            }
            #expect(forbidden?.description.contains("routing:queue:view") == true)
        }
    }

    @Test func countsEachCallThatMayHaveArrivedByWhatItIsFor() async throws {
        try await Bench.with { bench in
            _ = try await bench.client.organization()
            #expect(bench.calls(.account) == 1)
            await bench.sandbox.plan(.init(on: .read, do: .expireToken))
            _ = try await bench.client.organization()
            #expect(bench.calls(.account) == 3)
            await bench.sandbox.plan(.init(on: .lookUp, do: .reset))
            _ = await bench.look(for: 1)
            #expect(bench.calls(.analytics) == 1)
            await bench.sandbox.plan(.init(on: .now, do: .refuse, resetsConnections: true))
            await #expect(throws: CallError.self) { try await bench.client.organization() }
            #expect(bench.calls(.account) == 4)
        }
    }

    @Test func stopsNoOtherCallForALackingDivision() async throws {
        try await Bench.with { bench in
            await bench.sandbox.plan(
                .init(on: .read, do: .status, status: 403, code: "missing.division.permission"))
            let error = await #expect(throws: CheckError.self) {
                try await bench.client.queueName("q")
            }
            #expect(error?.description.contains("the queue's division") == true)
            #expect(bench.client.breakers.status(.account) == nil)
            await bench.sandbox.plan(
                .init(on: .read, do: .status, status: 403, code: "missing.division.permission"))
            let answer = try await bench.client.call(
                .conversation, "GET", "/api/v2/conversations/c")
            #expect(answer.status == 403)
            #expect(bench.client.breakers.status(.conversation) == nil)
        }
    }

    @Test func saysInWordsWhyAQueueCouldNotBeRead() async throws {
        try await Bench.with { bench in
            await bench.sandbox.plan(.init(on: .now, do: .refuse, resetsConnections: true))
            let error = await #expect(throws: CheckError.self) {
                try await bench.client.queueName("q")
            }
            #expect(error?.description.hasPrefix("reading queue q: ") == true)
            #expect(error?.description.contains("unreachable(") == false)
        }
    }

    @Test func judgesNoKindByACallThatWasCancelled() async throws {
        try await Bench.with { bench in
            await bench.sandbox.plan(.init(on: .lookUp, do: .stall, times: 0))
            for _ in 1...5 {
                let calls = bench.calls(.analytics)
                let look = Task { await bench.look(for: 2) }
                while await bench.sandbox.journal(path: "/api/v2/analytics").count == calls {
                    try Task.checkCancellation()
                    await Task.yield()
                }
                look.cancel()
                _ = await look.value
            }
            #expect(bench.client.breakers.status(.analytics) == nil)
        }
    }

    @Test func knowsAClientThatAgentsCanLogInByFromOneThatTheyCannot() async throws {
        try await with { sandbox, client in
            let redirect = "https://bridge.example/widget/callback"
            func standing(_ id: String, _ secret: String?) async -> WidgetClient.Standing {
                await client.standing(
                    of: WidgetClient(id: id, secret: secret), redirect: redirect)
            }
            #expect(await standing("demo-widget", "demo-widget-secret") == .known)
            #expect(await standing("demo-widget", nil) == .known)
            #expect(
                await standing("demo-widget", "other") == .refused("authentication failed"))
            for secret in ["demo-widget-secret", nil] {
                #expect(
                    await standing("does-not-exist", secret) == .refused("client not found"))
            }
            await sandbox.plan(.init(on: .token, do: .status, status: 503))
            guard case .unclear = await standing("demo-widget", nil) else {
                Issue.record("an answer was made of none")
                return
            }
        }
    }

    private func with(
        secret: String = "demo-secret", _ body: (Sandbox, GenesysClient) async throws -> Void
    ) async throws {
        try await withSandbox { sandbox in
            let transport = CurlTransport(userAgent: "test")
            let client = GenesysClient(
                endpoints: Endpoints(login: sandbox.origin, api: sandbox.origin),
                clientID: "demo", clientSecret: secret, transport: transport,
                pacer: Pacer(perMinute: 6000, environment: clock.environment),
                environment: clock.environment, logger: .silent)
            try await body(sandbox, client)
            await transport.shutdown()
        }
    }
}

extension CallError {
    fileprivate var kind: String {
        switch self {
        case .unreachable: "unreachable"
        case .unauthorized: "unauthorized"
        case .unknown: "unknown"
        case .forbidden, .spent, .paused: "stopped"
        }
    }
}
