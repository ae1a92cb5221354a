import Crypto
import Foundation
import HTTPTypes

/// A secret of Standard Webhooks: it signs what goes out and checks what comes in.
struct WebhookKey: Sendable {
    /// How far the clock of a sender may be from ours, in seconds, either way.
    static let tolerance = 300.0

    private let key: SymmetricKey

    /// `whsec_` and the Base64 of 24 to 64 bytes; `nil` for anything else.
    init?(_ secret: String) {
        let prefix = "whsec_"
        guard secret.hasPrefix(prefix),
            let bytes = Data(base64Encoded: String(secret.dropFirst(prefix.count))),
            (24...64).contains(bytes.count)
        else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// The three headers of a body that is sent now.
    func headers(id: String, body: Data, at now: Date) -> [(String, String)] {
        let time = String(Int(now.timeIntervalSince1970))
        let code = HMAC<SHA256>.authenticationCode(
            for: Self.signed(id: id, time: time, body: body), using: key)
        return [
            ("webhook-id", id), ("webhook-timestamp", time),
            ("webhook-signature", "v1,\(Data(code).base64EncodedString())"),
        ]
    }

    /// The id of a call that was signed with this secret; `nil` if it was not, or not now.
    func verifiedID(of call: Call, at now: Date) -> String? {
        guard let id = call.headers[.webhookID], !id.isEmpty,
            let time = call.headers[.webhookTimestamp], let seconds = Int(time),
            abs(now.timeIntervalSince1970 - Double(seconds)) <= Self.tolerance,
            let signatures = call.headers[.webhookSignature]
        else { return nil }
        let signed = Self.signed(id: id, time: time, body: call.body)
        let isValid = signatures.split(separator: " ").contains { signature in
            guard signature.hasPrefix("v1,"),
                let code = Data(base64Encoded: String(signature.dropFirst("v1,".count)))
            else { return false }
            // Takes the same time wherever the codes begin to differ.
            return HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: signed, using: key)
        }
        return isValid ? id : nil
    }

    private static func signed(id: String, time: String, body: Data) -> Data {
        Data("\(id).\(time).".utf8) + body
    }
}

extension HTTPField.Name {
    static let webhookID = required("webhook-id")
    static let webhookTimestamp = required("webhook-timestamp")
    static let webhookSignature = required("webhook-signature")
}
