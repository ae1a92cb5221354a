import Crypto
import Foundation
import Sandbox

/// What the bridge sends to the demo shop, and how it signs it.
enum ShopCall {
    static let key = Data(repeating: 7, count: 24)
    static let secret = "whsec_\(key.base64EncodedString())"

    static let reply = """
        {"type": "agent.reply", "id": "evt-a", "timestamp": "2026-03-04T09:30:01Z", \
        "data": {"conversation": {"key": "order-1042"}, \
        "reply": {"id": "r-1", "body": "It is <b>on its way</b>.", "agent": {"name": "Sam"}}}}
        """

    static func signature(
        id: String, time: String, body: String, key: Data = key
    ) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(id).\(time).\(body)".utf8), using: SymmetricKey(data: key))
        return "v1,\(Data(code).base64EncodedString())"
    }
}

extension Sandbox {
    /// Sends a callback, signed so many seconds ago.
    func callback(
        _ id: String, _ body: String, secret: String = ShopCall.secret, age: Int = 0,
        sent: String? = nil
    ) async throws -> ReceivedAnswer {
        let time = String(Int(Date().timeIntervalSince1970) - age)
        let key = Data(base64Encoded: String(secret.dropFirst("whsec_".count))) ?? Data()
        // A first signature of another secret stands for a rotation.
        let other = ShopCall.signature(id: id, time: time, body: body, key: Data([1]))
        let own = ShopCall.signature(id: id, time: time, body: body, key: key)
        return try await call(
            "POST", "/shop/callback",
            headers: [
                "webhook-id": id, "webhook-timestamp": time,
                "webhook-signature": "\(other) \(own)",
            ],
            body: sent ?? body)
    }
}
