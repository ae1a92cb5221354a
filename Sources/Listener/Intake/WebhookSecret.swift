import Crypto
import FoundationEssentials

/// A shop's key for signing posts as Standard Webhooks has it.
public struct WebhookSecret: Sendable {
    public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        case empty
        case notBase64

        public var description: String {
            switch self {
            case .empty: "a signing secret must not be empty"
            case .notBase64: "what follows whsec_ in a signing secret has to be base64"
            }
        }
    }

    private let key: SymmetricKey
    /// Has taken in the key, and nothing of a message yet.
    let mac: HMAC<SHA256>

    /// - Parameter text: `whsec_` and base64, padded or not, or any other text, of which the bytes are
    ///   the key.
    public init(_ text: String) throws(Failure) {
        guard let bytes = Self.bytes(of: text) else { throw .notBase64 }
        guard !bytes.isEmpty else { throw .empty }
        key = SymmetricKey(data: bytes)
        mac = HMAC(key: key)
    }

    /// The key that a text stands for, which several texts may; `nil` for what is no base64.
    public static func bytes(of text: String) -> [UInt8]? {
        guard text.hasPrefix("whsec_") else { return Array(text.utf8) }
        var base64 = String(text.dropFirst("whsec_".count))
        while !base64.utf8.count.isMultiple(of: 4) { base64 += "=" }
        return Data(base64Encoded: base64).map(Array.init)
    }
}

extension WebhookSecret: Equatable {
    public static func == (left: WebhookSecret, right: WebhookSecret) -> Bool {
        left.key == right.key
    }
}
