import CurlTransport
import Foundation
import Logging
import Outbox
import Sandbox
import Synchronization
import TestSupport

@testable import GenesysCloud

/// A destination that is pointed at a sandbox, with what else of the bridge it needs.
///
/// Each has a clock of its own, as in life.
struct Bench {
    let sandbox: Sandbox
    let client: GenesysClient
    let destination: GenesysDestination
    /// The bridge's.
    let clock: ManualClock
    let genesys: ManualClock
    let books: Books
    /// What the feed has told.
    let journal: MarkerJournal

    /// What the store and the probe would know.
    final class Books: Sendable {
        let fences = Mutex<[String: ClosedRange<Fence>]>([:])
        let findings = Mutex<Findings?>(nil)
        let calls = Mutex<[CallKind: Int]>([:])
    }

    static let provider = "Acme Bridge"

    /// - Parameter ahead: how far the bridge's clock is ahead of Genesys'.
    static func with(
        _ sources: [LookUpSource] = [.analytics], ahead: Duration = .zero,
        monthlyCalls: Int? = nil, measured: Set<LookUpSource> = Set(LookUpSource.allCases),
        _ body: (Bench) async throws -> Void
    ) async throws {
        let genesys = ManualClock()
        let clock = ManualClock(now: genesys.now + ahead)
        var options = Sandbox.Options()
        options.limit = nil
        options.settings.indexesAddressTo = true
        options.now = {
            Date(timeIntervalSince1970: Double(genesys.now.milliseconds) / 1000)
        }
        try await withSandbox(options) { sandbox in
            let transport = CurlTransport(userAgent: "test")
            let books = Books()
            let journal = MarkerJournal()
            let client = client(sandbox, transport, clock, books, monthlyCalls)
            let destination = GenesysDestination(
                client: client, provider: provider,
                targets: [.default: RouteTarget(.queue(await sandbox.settings().queues[0].id))],
                shops: [:], joins: true, lookUp: sources, journal: journal,
                environment: clock.environment,
                bind: { _ throws(StoreError) in },
                fences: { ids throws(StoreError) in
                    books.fences.withLock { known in known.filter { ids.contains($0.key) } }
                },
                findings: { books.findings.withLock { $0 } })
            let bench = Bench(
                sandbox: sandbox, client: client, destination: destination, clock: clock,
                genesys: genesys, books: books, journal: journal)
            await bench.know(measured)
            do {
                try await body(bench)
            } catch {
                await transport.shutdown()
                throw error
            }
            await transport.shutdown()
        }
    }

    private static func client(
        _ sandbox: Sandbox, _ transport: CurlTransport, _ clock: ManualClock, _ books: Books,
        _ monthlyCalls: Int?
    ) -> GenesysClient {
        GenesysClient(
            endpoints: Endpoints(login: sandbox.origin, api: sandbox.origin), clientID: "demo",
            clientSecret: "demo-secret", transport: transport,
            pacer: Pacer(perMinute: nil, environment: clock.environment),
            budget: CallBudget(
                monthlyCalls: monthlyCalls, used: { books.calls.withLock { $0 } },
                count: { kind in books.calls.withLock { $0[kind, default: 0] += 1 } }),
            environment: clock.environment, logger: .silent)
    }

    func know(_ sources: Set<LookUpSource>, organization: String? = nil) async {
        let organization =
            if let organization { organization } else { await sandbox.settings().organization.id }
        var findings = Findings(
            organization: organization, provider: Self.provider, measuredAt: clock.now)
        for source in sources { findings.sources[source] = .shown(after: .seconds(2)) }
        books.findings.withLock { $0 = findings }
    }

    // MARK: - Deliveries

    /// An entry as the relay would have it, by a small number.
    func entry(
        _ number: Int64, _ state: EntryState = .sending, reference: String? = nil
    ) -> Entry {
        let id = EntryID(rawValue: 1_772_615_564_120 << 20 | number)
        return Entry(
            id: id, message: MessageID(rawValue: id.rawValue), shop: ShopName("acme"),
            thread: ThreadKey("t"), lane: LaneID(rawValue: 1), route: .default, state: state,
            dueAt: nil, tries: 0, reason: nil, reference: reference)
    }

    func deliver(_ number: Int64) async -> Outcome { await deliver([number]).outcome }

    /// Delivers messages in one call, which have their numbers for bodies and order numbers.
    func deliver(_ numbers: [Int64], _ standing: Standing = Standing()) async -> Report {
        await destination.deliver(
            claim(
                numbers.map { number in
                    (
                        number,
                        .message(
                            Message(
                                body: "\(number)?", customer: Customer(id: "1"),
                                order: Order(number: "#\(number)")))
                    )
                }, standing))
    }

    func claim(_ deliveries: [(Int64, Content)], _ standing: Standing) -> Claim {
        let deliveries = deliveries.map { number, content in
            Claim.Delivery(entry: entry(number), content: content, age: .zero)
        }
        return Claim(
            fence: Fence(rawValue: deliveries[0].entry.id.rawValue & 0xF_FFFF),
            lane: LaneID(rawValue: 1), route: Route(.default), deliveries: deliveries,
            startedAt: clock.now, standing: standing)
    }

    /// Delivers, and lets the store know by which attempt.
    @discardableResult
    func delivered(_ number: Int64, fence: Int64? = nil) async throws -> String {
        genesys.advance(by: .milliseconds(10))
        guard case .delivered(let id?) = await deliver(number) else { throw Undelivered() }
        let fence = Fence(rawValue: fence ?? number)
        books.fences.withLock { $0[id] = fence...fence }
        return id
    }

    /// Delivers, with the answer lost.
    func doubted(_ number: Int64, applied: Bool = true) async throws {
        genesys.advance(by: .milliseconds(10))
        await sandbox.plan(.init(on: .create, do: .reset, applied: applied))
        guard case .unknown = await deliver(number) else { throw Undelivered() }
    }

    // MARK: - Looks

    /// A look for an entry whose attempt has the entry's number as its fence, and which became doubtful
    /// at once.
    func look(
        for number: Int64, _ state: EntryState = .inDoubt, reference: String? = nil,
        attemptedAt: Timestamp? = nil, joining: Look.Joining? = nil
    ) async -> Sighting {
        await destination.look(
            for: Look(
                entry: entry(number, state, reference: reference), route: Route(.default),
                fence: Fence(rawValue: number), since: Fence(rawValue: number),
                attemptedAt: attemptedAt ?? clock.now, number: 0, age: .zero,
                joining: joining))
    }

    /// The only conversation of an entry.
    func conversation(of number: Int64) async throws -> Sandbox.Conversation {
        let marker = entry(number).id.description
        let all = await sandbox.conversations().filter { $0.toAddress == marker }
        guard all.count == 1 else { throw Undelivered() }
        return all[0]
    }

    func calls(_ kind: CallKind) -> Int { books.calls.withLock { $0[kind] ?? 0 } }
}

struct Undelivered: Error {}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

extension Sighting {
    var reference: String? {
        if case .found(let reference, _) = self { reference } else { nil }
    }

    func says(_ words: String) -> Bool { reason?.contains(words) == true }
}
