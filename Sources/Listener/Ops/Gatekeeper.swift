import HTTPTypes
import HummingbirdCore
import Outbox

/// Decides who may look at the outbox and who may act on it.
struct Gatekeeper: Sendable {
    private let tokens: [AccessToken]

    /// - Parameter tokens: none for a face that listens on loopback only.
    init(_ tokens: [AccessToken]) {
        self.tokens = tokens
    }

    /// The name under which a request acts: its token's, or `local` where none are set up.
    /// - Throws: `Problem` 401 or 403.
    func actor(of call: Call, needing scope: AccessToken.Scope) throws(Problem) -> String {
        let fields = call.request.headers
        guard !tokens.isEmpty else {
            try Loopback.check(fields, authority: call.request.head.authority)
            return "local"
        }
        guard let digest = fields.bearer, let token = tokens.first(matching: digest) else {
            throw .unauthorized("send one of ops.tokens as a bearer token")
        }
        guard scope == .read || token.scope == .write else {
            throw Problem(.forbidden, "the token \(token.name) may only read")
        }
        return token.name
    }
}
