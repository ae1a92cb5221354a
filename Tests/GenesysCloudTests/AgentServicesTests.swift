import CurlTransport
import Foundation
import Outbox
import Sandbox
import TestSupport
import Testing

@testable import GenesysCloud

/// From the login on, all at a sandbox.
@Suite(.timeLimit(.minutes(15)))
struct AgentServicesTests {
    private static let sam = "5a6b0c1e-0000-4000-8000-000000000001"
    private static let redirect = "http://127.0.0.1:8080/widget/callback"
    // The pair of RFC 7636, appendix B.
    private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    @Test(arguments: ["demo-widget-secret", nil])
    func anAgentLogsInAndOut(secret: String?) async throws {
        try await Bench.with { bench in
            let desk = desk(bench, secret: secret)
            let login = try await logIn(bench, desk)
            #expect(login.access.agent == Agent(id: Self.sam, name: "Sam Carter"))
            #expect(login.lifetime == .seconds(86_400))
            #expect(login.access.permissions == Set(Sandbox.Agent.ordinaryPermissions))
            let id = try await bench.delivered(1)
            try await bench.sandbox.offer(id, to: Self.sam)
            #expect(try await desk.part(of: login.access, in: id).kind == .alerting)
            await desk.logOut(login.access)
            let later = await failure { _ = try await desk.part(of: login.access, in: id) }
            #expect(later == .loggedOut)
        }
    }

    @Test func aCodeIsGoodOnceAndWithItsVerifier() async throws {
        try await Bench.with { bench in
            let desk = desk(bench)
            let code = try await code(bench, desk)
            for verifier in [Self.verifier.lowercased(), Self.verifier] {
                let error = await #expect(throws: LoginError.self) {
                    _ = try await desk.logIn(
                        code: code, verifier: verifier, redirect: Self.redirect)
                    // The right one takes it, and nobody after that.
                    _ = try await desk.logIn(
                        code: code, verifier: verifier, redirect: Self.redirect)
                }
                guard case .refused(let words) = error else {
                    Issue.record("not refused: \(String(describing: error))")
                    return
                }
                #expect(!words.contains(code))
            }
        }
    }

    @Test func aLoginAtAnotherClientOrOrganisationIsNone() async throws {
        try await Bench.with { bench in
            let code = try await code(bench, desk(bench))
            let other = desk(bench, client: "other-widget", secret: "other-widget-secret")
            let refusal = await #expect(throws: LoginError.self) {
                _ = try await other.logIn(
                    code: code, verifier: Self.verifier, redirect: Self.redirect)
            }
            guard case .refused = refusal else {
                Issue.record("not refused: \(String(describing: refusal))")
                return
            }
            let own = desk(bench)
            _ = try await logIn(bench, own)
            await bench.sandbox.change {
                $0.organization.id = "3f6a0c1e-0000-4000-8000-00000000000f"
            }
            let error = await #expect(throws: LoginError.self) {
                _ = try await logIn(bench, own)
            }
            guard case .foreign = error else {
                Issue.record("not foreign: \(String(describing: error))")
                return
            }
            let calls = await bench.sandbox.journal(path: "/api/v2/tokens/me")
            #expect(calls.last?.method == "DELETE")
        }
    }

    @Test func theReadyTextsAreThoseOfTheQueue() async throws {
        try await Bench.with { bench in
            let desk = desk(bench)
            let sam = try await logIn(bench, desk).access
            let queue = Queue(id: await bench.sandbox.settings().queues[0].id)
            let replies = try await desk.replies(in: queue, matching: "", as: sam)
            #expect(Set(replies.map(\.library)) == ["General"])
            let html = try await desk.replies(in: queue, matching: "send something", as: sam)
            #expect(html.first?.text.contains("<") == false)
            #expect(html.first?.text.contains("Hello {{customer.name}},\n\n") == true)
            await bench.sandbox.change { $0.agents[0].permissions = ["routing:queue:view"] }
            let refusal = await failure {
                _ = try await self.desk(bench).replies(in: queue, matching: "", as: sam)
            }
            #expect(refusal?.isNotPermitted == true)
        }
    }

    @Test(arguments: [false, true])
    func mailGoesOutFromTheQueuesAddress(expands: Bool) async throws {
        try await Bench.with { bench in
            await bench.sandbox.change { $0.expandsOutboundRoute = expands }
            let desk = desk(bench)
            let sam = try await logIn(bench, desk).access
            let queues = await bench.sandbox.settings().queues
            let queue = Queue(id: queues[0].id)
            if !expands {
                let refusal = await failure { _ = try await desk.address(of: queue, as: sam) }
                #expect(refusal?.isNotPermitted == true)
                await bench.sandbox.change {
                    $0.clients[0].permissions.append("routing:email:manage")
                }
            }
            let fresh = self.desk(bench)
            #expect(try await fresh.address(of: queue, as: sam) == queues[0].outboundAddress)
            #expect(try await fresh.address(of: Queue(id: queues[1].id), as: sam) == nil)
            let id = try await fresh.start(
                OutgoingMail(
                    queue: queue.id, to: "jane@example.com", toName: "Jane", subject: "Order"),
                as: sam)
            #expect(try await fresh.part(of: sam, in: id).kind == .connected)
        }
    }

    private func desk(
        _ bench: Bench, client: String = "demo-widget", secret: String? = "demo-widget-secret"
    ) -> AgentDesk {
        AgentDesk(
            client: bench.client, widget: WidgetClient(id: client, secret: secret),
            environment: bench.clock.environment, logger: .silent)
    }

    private func logIn(_ bench: Bench, _ desk: AgentDesk) async throws -> Login {
        try await desk.logIn(
            code: try await code(bench, desk), verifier: Self.verifier, redirect: Self.redirect)
    }

    /// Chooses an agent where the login asks for one.
    private func code(_ bench: Bench, _ desk: AgentDesk) async throws -> String {
        let transport = CurlTransport(userAgent: "browser")
        let response = try await transport.send(
            TransportRequest(
                method: "POST",
                url: desk.address(
                    state: "s t&1", challenge: Self.challenge, redirect: Self.redirect),
                headers: [("Content-Type", "application/x-www-form-urlencoded")],
                body: Array("agent=\(Self.sam)".utf8)))
        await transport.shutdown()
        let address = try #require(response.header("location").flatMap(URLComponents.init))
        let items = address.queryItems ?? []
        #expect(items.first { $0.name == "state" }?.value == "s t&1")
        return try #require(items.first { $0.name == "code" }?.value)
    }
}
