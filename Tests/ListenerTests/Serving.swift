import Crypto
import ExactJSON
import Foundation
import Listener
import Logging
import Outbox
import ServiceLifecycle
import TestSupport

/// Runs a service while the body is at work, and tells it the port.
func serving<Result>(
    _ service: (@escaping @Sendable (ListenAddress) async -> Void) -> any Service,
    _ body: (Int) async throws -> Result
) async throws -> Result {
    let (addresses, listening) = AsyncStream.makeStream(of: ListenAddress.self)
    let group = ServiceGroup(
        configuration: .init(services: [service { listening.yield($0) }], logger: .silent))
    async let running: Void = group.run()
    var ports = addresses.makeAsyncIterator()
    do {
        guard let address = await ports.next() else { throw CancellationError() }
        let result = try await body(address.port)
        await group.triggerGracefulShutdown()
        try await running
        return result
    } catch {
        await group.triggerGracefulShutdown()
        throw error
    }
}

extension Logger {
    static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
}

/// A public face with two shops, and what stands behind it.
struct Shops {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let older = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
    static let other = "a raw secret of the other shop"

    let clock = ManualClock()
    let store: MemoryOutbox
    var settings = IntakeSettings()
    var logger = Logger.silent
    var shops: [ShopAccess]
    var relay = RelayStatus(destinations: [], routes: [], inFlight: 0, deliveredLastMinute: 0)

    init() throws {
        store = MemoryOutbox(clock.environment)
        shops = [
            ShopAccess(
                name: ShopName("default"),
                secrets: [try WebhookSecret(Self.secret), try WebhookSecret(Self.older)],
                tokens: [
                    AccessToken(name: "till", secret: "write-token", scope: .write),
                    AccessToken(name: "eyes", secret: "read-token", scope: .read),
                ],
                routes: [Route(.default), Route(RouteName("vip"))]),
            ShopAccess(
                name: ShopName("other"), secrets: [try WebhookSecret(Self.other)],
                tokens: [AccessToken(name: "till", secret: "other-token", scope: .write)],
                threadRule: .customer),
        ]
    }

    func serve<Result>(_ body: (Int) async throws -> Result) async throws -> Result {
        let relay = relay
        return try await serving(
            { listening in
                PublicFace(
                    at: ListenAddress(host: "127.0.0.1", port: 0), shops: shops, settings: settings,
                    store: store, relay: { relay }, environment: clock.environment, logger: logger,
                    listening: listening)
            }, body)
    }

    /// Every entry, oldest first.
    var entries: [Entry] {
        get async throws { try await store.entries(EntryQuery(limit: 500)).reversed() }
    }
}

/// A request in its bytes.
func request(
    _ method: String = "POST", _ path: String = "/v1/messages",
    _ fields: [(String, String)] = [], body: String? = nil, version: String = "1.1"
) -> String {
    var lines = ["\(method) \(path) HTTP/\(version)", "Host: localhost"]
    lines += fields.map { "\($0.0): \($0.1)" }
    if let body { lines.append("Content-Length: \(body.utf8.count)") }
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
}

let token = ("Authorization", "Bearer write-token")

/// The headers of a signature, made here and not by the code under test.
func signed(
    _ body: String, id: String = "evt_1", at now: Timestamp, with secret: String = Shops.secret,
    family: String = "webhook"
) -> [(String, String)] {
    let time = String(now.milliseconds / 1000)
    let key =
        secret.hasPrefix("whsec_")
        ? Data(base64Encoded: String(secret.dropFirst(6))) ?? Data() : Data(secret.utf8)
    let mac = HMAC<SHA256>.authenticationCode(
        for: Data("\(id).\(time).\(body)".utf8), using: SymmetricKey(data: key))
    return [
        ("\(family)-id", id), ("\(family)-timestamp", time),
        ("\(family)-signature", "v1," + Data(mac).base64EncodedString()),
    ]
}

/// A short message in the generic form.
func message(_ text: String = "Where is it?", id: String? = nil, more: String = "") -> String {
    let id = id.map { "\"id\":\"\($0)\"," } ?? ""
    return #"{\#(id)"message":{"body":"\#(text)"},"customer":{"email":"zoe@example.com"}\#(more)}"#
}
