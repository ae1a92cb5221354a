import CurlTransport
import GenesysCloud
import Logging
import Outbox
import Sandbox
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct GenesysDestinationTests {
    let clock = ManualClock()

    @Test func createsAConversationThatCarriesTheMarkerAndTheOrder() async throws {
        try await with { sandbox, destination in
            let report = await destination.deliver(claim())
            let created = await sandbox.conversations()
            #expect(created.count == 1)
            #expect(report.outcome == .delivered(reference: created[0].id))
            #expect(report.status == 200)
            #expect(report.correlation?.isEmpty == false)
            #expect(created[0].toAddress == entry.description)
            #expect(created[0].attributes["bridge.key"] == entry.description)
            #expect(created[0].attributes["order.number"] == "#9999")
            #expect(created[0].provider == "Acme Bridge")
        }
    }

    @Test func bindsTheStoreToTheOrganisationOnceAndBeforeTheFirstCreate() async throws {
        let bindings = Mutex<[Binding]>([])
        try await with(bind: { binding in bindings.withLock { $0.append(binding) } }) {
            sandbox, destination in
            _ = await destination.deliver(claim())
            _ = await destination.deliver(claim())
            let expected = Binding(
                organization: await sandbox.settings().organization.id, provider: "Acme Bridge")
            #expect(bindings.withLock { $0 } == [expected])
        }
    }

    @Test func createsNothingForAStoreOfAnotherOrganisation() async throws {
        let refuse: @Sendable (Binding) async throws(StoreError) -> Void = {
            _ throws(StoreError) in
            throw .boundElsewhere(Binding(organization: "other", provider: "Acme Bridge"))
        }
        try await with(bind: refuse) { sandbox, destination in
            #expect(await destination.deliver(claim()).outcome.label == "unauthorized")
            #expect(await sandbox.conversations().isEmpty)
        }
    }

    @Test(arguments: [
        (Sandbox.Fault(on: .create, do: .reset, applied: true), 1),
        (Sandbox.Fault(on: .create, do: .reset), 0),
        (Sandbox.Fault(on: .create, do: .half, applied: true), 1),
        (Sandbox.Fault(on: .create, do: .garbage, applied: true), 1),
        (Sandbox.Fault(on: .create, do: .status, applied: true, status: 503), 1),
        (Sandbox.Fault(on: .create, do: .status, status: 504), 0),
        (Sandbox.Fault(on: .create, do: .status, status: 502, body: "<h1>Bad Gateway</h1>"), 0),
    ])
    func doubtsEveryCreateWhoseAnswerIsLost(fault: Sandbox.Fault, created: Int) async throws {
        try await with { sandbox, destination in
            await sandbox.plan(fault)
            #expect(await destination.deliver(claim()).outcome.label == "unknown")
            #expect(await sandbox.conversations().count == created)
            #expect(
                await sandbox.journal(path: "/api/v2/conversations/emails")
                    .filter { $0.method == "POST" }.count == 1)
        }
    }

    @Test func isUnreachableWhileConnectionsAreRefused() async throws {
        try await with { sandbox, destination in
            await sandbox.plan(.init(on: .now, do: .refuse, resetsConnections: true))
            #expect(await destination.deliver(claim()).outcome.label == "unreachable")
            try await sandbox.clearFaults()
            #expect(await destination.deliver(claim()).outcome.label == "delivered")
        }
    }

    @Test func blamesTheRouteForAMissingPermissionOrAWrongQueue() async throws {
        try await with { sandbox, destination in
            await sandbox.change { $0.clients[0].permissions = [] }
            let report = await destination.deliver(claim())
            #expect(report.outcome.label == "misconfigured")
            #expect(report.outcome.reason?.contains("conversation:email:create") == true)
            await sandbox.change { $0.clients[0].permissions = Sandbox.Client.leastPrivilege }
            await sandbox.change { $0.queues = [] }
            #expect(await destination.deliver(claim()).outcome.label == "misconfigured")
        }
    }

    @Test func leavesEverySlotAsItFoundIt() async throws {
        try await with { sandbox, destination in
            await sandbox.plan(
                .init(on: .create, do: .reset), .init(on: .create, do: .status, status: 500))
            for _ in 0..<4 {
                #expect(destination.pacer.take(1).taken == 1)
                _ = await destination.deliver(claim())
            }
            // Were one of them still under way, the last of the limit's calls could not be taken.
            await sandbox.allow(.init(requests: 3, seconds: 60))
            #expect(destination.pacer.take(1).taken == 1)
            _ = await destination.deliver(claim())
            #expect(destination.pacer.take(10).taken == 2)
        }
    }

    // MARK: -

    private let entry = EntryID(rawValue: 1_772_615_564_120 << 20 | 7)

    private func claim() -> Claim {
        let message = Message(
            body: "Where is it?", customer: Customer(id: "1", name: "Zoë"),
            order: Order(number: "#9999"))
        let entry = Entry(
            id: entry, message: MessageID(rawValue: entry.rawValue), shop: ShopName("acme"),
            thread: ThreadKey("t"), lane: LaneID(rawValue: 1), route: .default, state: .sending,
            dueAt: nil, tries: 0, reason: nil, reference: nil)
        return Claim(
            fence: Fence(rawValue: 1), lane: entry.lane, route: Route(.default),
            deliveries: [.init(entry: entry, content: .message(message), age: .zero)],
            startedAt: clock.now)
    }

    private func with(
        bind: @escaping @Sendable (Binding) async throws(StoreError) -> Void = {
            _ throws(StoreError) in
        },
        _ body: (Sandbox, GenesysDestination) async throws -> Void
    ) async throws {
        try await withSandbox { sandbox in
            let transport = CurlTransport(userAgent: "test")
            let client = GenesysClient(
                endpoints: Endpoints(login: sandbox.origin, api: sandbox.origin),
                clientID: "demo", clientSecret: "demo-secret", transport: transport,
                pacer: Pacer(perMinute: 6000, environment: clock.environment),
                environment: clock.environment, logger: .silent)
            let queue = await sandbox.settings().queues[0].id
            try await body(
                sandbox,
                GenesysDestination(
                    client: client, provider: "Acme Bridge",
                    targets: [.default: RouteTarget(.queue(queue))],
                    shops: [ShopName("acme"): ShopProfile(toName: "Acme")], joins: true, lookUp: [],
                    environment: clock.environment, bind: bind,
                    fences: { _ throws(StoreError) in [:] }, findings: { nil }))
            await transport.shutdown()
        }
    }
}
