import CurlTransport
import ExactJSON

/// Talks to the faces of a daemon.
struct BridgeClient: Sendable {
    static let token = "a-token-of-sixteen-bytes-or-more"

    let publicPort: Int
    let opsPort: Int
    let transport: CurlTransport

    /// Posts the message, and returns the id it was accepted with; `nil` for anything but a 2xx.
    func post(_ message: JSON, key: String) async -> String? {
        let request = TransportRequest(
            method: "POST", url: "http://127.0.0.1:\(publicPort)/v1/messages",
            headers: [
                ("Authorization", "Bearer \(Self.token)"), ("Content-Type", "application/json"),
                ("Idempotency-Key", key),
            ], body: message.bytes)
        guard let response = try? await transport.send(request),
            (200..<300).contains(response.status)
        else { return nil }
        return (try? JSON(parsing: response.body))?["id"]?.string
    }

    /// How many entries stand in each state.
    func counts() async throws -> [String: Int] {
        let outbox = try await ops("GET", "/outbox?limit=1")
        guard case .object(let members)? = outbox["counts"] else { throw Stopped() }
        return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value.integer ?? -1) })
    }

    func ops(_ method: String, _ path: String) async throws -> JSON {
        let response = try await transport.send(
            TransportRequest(
                method: method, url: "http://127.0.0.1:\(opsPort)\(path)",
                headers: [("Accept", "application/json")]))
        return try JSON(parsing: response.body)
    }
}
