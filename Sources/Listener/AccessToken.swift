import Crypto
import HTTPTypes

/// A bearer token that somebody was given, by its name; only its digest is kept.
public struct AccessToken: Sendable {
    public enum Scope: String, Sendable, CaseIterable {
        /// May read only.
        case read
        /// May read and write.
        case write
    }

    /// Who holds it: what records and limits go by.
    public let name: String
    public let scope: Scope
    let digest: SHA256.Digest

    /// - Parameter secret: not empty.
    public init(name: String, secret: String, scope: Scope) {
        precondition(!secret.isEmpty, "an empty token opens the door to everybody")
        self.name = name
        self.scope = scope
        digest = SHA256.hash(data: Array(secret.utf8))
    }
}

extension HTTPFields {
    /// The digest of the bearer token that came with a request; `nil` without one.
    var bearer: SHA256.Digest? {
        guard let value = value(.authorization) else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return SHA256.hash(data: Array(parts[1].trimmed.utf8))
    }
}

extension Sequence<AccessToken> {
    /// Looks at every token, so that the time tells nothing of which one it is; digests compare in the same
    /// time wherever they differ.
    func first(matching digest: SHA256.Digest) -> AccessToken? {
        reduce(nil) { found, token in token.digest == digest ? token : found }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
