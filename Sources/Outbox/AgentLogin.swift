/// How agents log in here: with their own accounts, at Genesys (OAuth authorization code with PKCE).
public protocol AgentLogin: Sendable {
    /// Where a browser is sent to; it comes back to `redirect` with a code and that state.
    /// - Parameter challenge: SHA-256 of the verifier, in base64url without padding.
    func address(state: String, challenge: String, redirect: String) -> String

    /// Exchanges the code that a browser came back with, and learns whose it is.
    func logIn(
        code: String, verifier: String, redirect: String
    ) async throws(LoginError) -> Login

    /// Takes the agent's token back; one that cannot be taken back ends by itself.
    func logOut(_ agent: AgentAccess) async
}

/// An agent who has just logged in.
public struct Login: Sendable, Equatable {
    public var access: AgentAccess
    /// For how long Genesys takes the token.
    public var lifetime: Duration

    public init(access: AgentAccess, lifetime: Duration) {
        self.access = access
        self.lifetime = lifetime
    }
}

/// Why nobody was logged in.
public enum LoginError: Error, Sendable, Equatable {
    /// The code, or the client, is not taken; what Genesys says.
    case refused(String)
    /// The account belongs to another organisation, or the token to another client.
    case foreign(String)
    /// Genesys cannot be reached: to be tried again.
    case unavailable(String)
}
