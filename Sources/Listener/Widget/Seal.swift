import Crypto
import FoundationEssentials

/// Encrypts what others keep for us, so that they can neither read nor change it (AES-256-GCM).
struct Seal: Sendable {
    private let keys: [SymmetricKey]

    /// - Parameters:
    ///   - keys: 32 bytes each, at least one: the first seals, any opens, so that a key can be replaced.
    ///   - purpose: what was sealed for another one does not open.
    init(_ keys: [[UInt8]], for purpose: String) {
        precondition(!keys.isEmpty, "there is nothing to seal with")
        // A key of its own for each purpose also keeps the one's number of seals from wearing out the other's.
        self.keys = keys.map { key in
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: key), info: Array(purpose.utf8),
                outputByteCount: 32)
        }
    }

    /// - Parameter place: where the sealed bytes are kept: elsewhere they do not open.
    func close(_ bytes: [UInt8], at place: [UInt8] = []) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(bytes, using: keys[0], authenticating: place)
            return Array(box.nonce) + box.ciphertext + box.tag
        } catch {
            preconditionFailure("AES-GCM takes every text under a key of 32 bytes: \(error)")
        }
    }

    /// - Returns: `nil` for what none of the keys has sealed for this place.
    func open(_ sealed: [UInt8], at place: [UInt8] = []) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        for key in keys {
            if let bytes = try? AES.GCM.open(box, using: key, authenticating: place) {
                return Array(bytes)
            }
        }
        return nil
    }
}
