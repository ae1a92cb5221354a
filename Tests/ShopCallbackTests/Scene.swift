import CurlTransport
import ExactJSON
import Logging
import LoopbackServer
import Outbox
import TestSupport

@testable import ShopCallback

/// A shop on this machine, and what the bridge needs to call it.
struct Scene {
    let clock = ManualClock()
    let shop = ShopName("acme")
    let secrets = [
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    ]

    func profile(
        url: String, host: String = "127.0.0.1", secrets: Int = 1, naming: AgentNaming = .first,
        privateNetworks: [IPNetwork] = []
    ) -> CallbackProfile {
        CallbackProfile(
            address: CallbackAddress(url: url, host: host, privateNetworks: privateNetworks),
            secrets: self.secrets.prefix(secrets).compactMap { SigningSecret($0) },
            agentName: naming, toName: "Acme")
    }

    func destination(
        _ profile: CallbackProfile, _ transport: CurlTransport,
        link: @escaping @Sendable (Outbox.Attachment) -> String? = { $0.url }
    ) -> ShopDestination {
        ShopDestination(
            shop, profile, transport: transport, link: link, environment: clock.environment,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// The entry was accepted at 2026-03-04T09:12:44.120Z.
    var entry: Entry {
        let id = EntryID(rawValue: 1_772_615_564_120 << 20 | 7)
        return Entry(
            id: id, message: MessageID(rawValue: id.rawValue), shop: shop,
            thread: ThreadKey("thread-31"), lane: LaneID(rawValue: 1),
            destination: .callback(of: shop), route: Route.callback(of: shop).name,
            state: .sending, dueAt: nil, tries: 0, reason: nil, reference: nil)
    }

    let answer = Message(
        body: "Ihr Paket ist unterwegs.", direction: .staff,
        authorship: Authorship(
            agent: Agent(id: "agent-1", name: "Sam Miller"), conversation: "conversation-1",
            event: "evt_01JZ8Q4W8M7G2V5X9N3T6R1C0D"),
        inReplyTo: "m-57",
        attachments: [
            Attachment(
                name: "label.pdf", contentType: "application/pdf", size: "48213",
                url: "https://files.example/label.pdf")
        ],
        customer: Customer(
            id: "115310627314723954", email: "zoe@example.com", name: "Zoë", phone: "+49"),
        order: Order(id: "820982911946154508", number: "#9999", total: "403.00"))

    func claim(_ content: Content?) -> Claim {
        Claim(
            fence: Fence(rawValue: 1), lane: entry.lane, route: .callback(of: shop),
            deliveries: [.init(entry: entry, content: content, age: .zero)],
            startedAt: clock.now)
    }

    /// Delivers the answer once to a shop that answers so.
    func report(_ status: String, _ headers: [String] = [], _ body: String = "") async throws
        -> Report
    {
        let server = try LoopbackServer { connection in
            while try connection.readRequest() != nil {
                try connection.respond(status, headers: headers, body: Array(body.utf8))
            }
        }
        return try await withTransport { transport in
            await destination(profile(url: server.url), transport).deliver(claim(.message(answer)))
        }
    }
}

extension LoopbackServer {
    var url: String { "http://127.0.0.1:\(port)/callback" }

    /// Takes everything.
    static func shop() throws -> LoopbackServer {
        try LoopbackServer { connection in
            while try connection.readRequest() != nil { try connection.respond("204 No Content") }
        }
    }
}

/// Runs the body with a transport of its own, and shuts that down.
func withTransport<Result>(
    _ body: (CurlTransport) async throws -> Result
) async throws -> Result {
    let transport = CurlTransport(userAgent: "genesys-bridge/1")
    do {
        let result = try await body(transport)
        await transport.shutdown()
        return result
    } catch {
        await transport.shutdown()
        throw error
    }
}
