import Crypto
import FoundationEssentials

/// What nobody can guess: 32 bytes of the system's generator; as text in base64url.
///
/// Not drawn from an `Environment`, whose chance is no secret.
struct Secret: Sendable, Equatable {
    let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }

    var text: String { bytes.base64URL }
}

extension SHA256 {
    static func hash(of text: String) -> Digest { hash(data: Array(text.utf8)) }
}

extension String {
    /// Compares in a time that does not depend on where the first difference is: as digests, which the library
    /// compares so.
    func isSame(as other: String) -> Bool {
        SHA256.hash(of: self) == SHA256.hash(of: other)
    }
}

extension Sequence<UInt8> {
    /// The bytes in base64url without padding (RFC 4648 §5).
    var base64URL: String {
        Data(self).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

extension [UInt8] {
    /// - Returns: `nil` for anything but base64url without padding.
    init?(base64URL text: some StringProtocol) {
        guard text.utf8.allSatisfy(\.isBase64URL) else { return nil }
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let plain = String(text).replacing("-", with: "+").replacing("_", with: "/") + padding
        guard let data = Data(base64Encoded: plain) else { return nil }
        self = Array(data)
    }
}

extension UInt8 {
    var isBase64URL: Bool {
        switch self {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
