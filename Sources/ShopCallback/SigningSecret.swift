import Crypto
import FoundationEssentials

/// A key that signs what goes to a shop, by Standard Webhooks 1.0: HMAC-SHA256 over id, time and body.
public struct SigningSecret: Sendable {
    private let key: SymmetricKey

    /// - Parameter text: `whsec_` and base64, padded or not, or any other text, of which the bytes are the
    ///   key; `nil` for an empty one and for what is no base64.
    public init?(_ text: String) {
        var bytes = Array(text.utf8)
        if text.hasPrefix("whsec_") {
            var base64 = String(text.dropFirst("whsec_".count))
            while !base64.utf8.count.isMultiple(of: 4) { base64 += "=" }
            guard let data = Data(base64Encoded: base64) else { return nil }
            bytes = Array(data)
        }
        guard !bytes.isEmpty else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// The signature with its version, as it stands in `webhook-signature`.
    ///
    /// - Parameter seconds: since 1970 UTC, as in `webhook-timestamp`.
    public func signature(id: String, seconds: Int64, body: [UInt8]) -> String {
        var mac = HMAC<SHA256>(key: key)
        mac.update(data: Array("\(id).\(seconds).".utf8))
        mac.update(data: body)
        return "v1,\(Data(mac.finalize()).base64EncodedString())"
    }
}
