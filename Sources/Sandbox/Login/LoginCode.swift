import Crypto
import Foundation

/// A code that an agent's browser carries to the client, which exchanges it for a token, once.
struct LoginCode: Sendable {
    /// Seconds that it can be exchanged.
    static let lifetime = 60.0

    let client: String
    let agent: String
    let redirectURI: String
    /// The SHA-256 of the verifier, in base64url; none if the login came without one.
    let challenge: String?
    let expires: Date

    /// Whether the verifier is the one that the login's challenge was made of.
    func accepts(verifier: String?) -> Bool {
        guard let challenge else { return verifier == nil }
        guard let verifier, (43...128).contains(verifier.utf8.count),
            verifier.utf8.allSatisfy(Self.unreserved.contains)
        else { return false }
        return Data(SHA256.hash(data: Data(verifier.utf8))).base64URL == challenge
    }

    private static let unreserved = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
}

extension Data {
    /// Base64 with the alphabet of URLs, unpadded.
    fileprivate var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
