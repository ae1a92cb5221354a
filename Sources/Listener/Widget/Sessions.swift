import Crypto
import ExactJSON
import HTTPTypes
import HummingbirdCore
import Outbox

/// Knows which agent a call comes from.
struct Sessions: Sendable {
    private let store: any DeskStore
    private let seal: Seal
    private let origin: String
    private let environment: Environment
    private let cache = SessionCache()

    /// - Parameters:
    ///   - keys: what logins are sealed with: the first seals, any opens.
    ///   - origin: of our own pages.
    init(
        store: any DeskStore, keys: [[UInt8]], origin: String, environment: Environment
    ) {
        self.store = store
        seal = Seal(keys, for: "session")
        self.origin = origin
        self.environment = environment
    }

    /// Whose call it is; to be asked before anything of its body is read.
    ///
    /// - Throws: `Problem` 403 for a call that is not our own page's and would change something, 401 without a
    ///   session, 503 where the store cannot tell.
    func session(for call: Call) async throws(Problem) -> Session {
        try checkOrigin(of: call)
        let fields = call.request.headers
        guard let digest = fields.bearer ?? fields[.session].map(SHA256.hash(of:)) else {
            throw .signedOut()
        }
        let key = Array(digest)
        let session = try await kept(under: key)
        guard let session, environment.now() < session.expires else {
            throw .signedOut("the session has ended: sign in again")
        }
        // One cookie is for all tabs of a browser: somebody else may have signed in at another.
        if let shown = fields[.agent], shown != session.agent.id {
            throw .signedOut("somebody else has signed in meanwhile: load the page again")
        }
        return session
    }

    private func kept(under key: [UInt8]) async throws(Problem) -> Session? {
        if let session = cache.session(under: key, at: environment.uptime()) { return session }
        let ends = cache.ends
        let sealed: [UInt8]?
        do {
            sealed = try await store.login(under: key)
        } catch {
            throw .unavailable("the store does not answer")
        }
        guard let sealed, let opened = seal.open(sealed, at: key),
            let session = Session(opened, key: key)
        else { return nil }
        cache.keep(session, at: environment.uptime(), unlessEndedSince: ends)
        return session
    }

    /// - Parameter since: when the agent logged in.
    /// - Returns: with what the browser is to hold.
    /// - Throws: `Problem` 503 where the store cannot keep it.
    func begin(
        _ login: Login, since: Timestamp
    ) async throws(Problem) -> (session: Session, secret: Secret) {
        let secret = Secret()
        let session = Session(
            key: Array(SHA256.hash(of: secret.text)), access: login.access,
            expires: since + login.lifetime)
        do {
            try await store.keep(
                login: seal.close(session.bytes, at: session.key), under: session.key,
                until: session.expires)
        } catch {
            throw .unavailable("the store cannot keep the login")
        }
        return (session, secret)
    }

    /// Ends a session here; the agent's token is not taken back.
    func end(_ session: Session) async {
        // One that the store cannot drop now ends with its token.
        try? await store.dropLogin(under: session.key)
        cache.end(session.key)
    }
}

extension Sessions {
    /// Browsers send our cookies along with what another site's page asks for.
    ///
    /// Such a page cannot choose its `Origin`, nor send `X-Bridge`, since we allow no other origin to.
    ///
    /// - Throws: `Problem` 403 for a call that would change something and is not our own page's.
    func checkOrigin(of call: Call) throws(Problem) {
        guard ![.get, .head].contains(call.request.method) else { return }
        let fields = call.request.headers
        guard fields[.bridge] == "1" else {
            throw Problem(
                .forbidden, .forbiddenOrigin, "only the bridge's own page may ask for this",
                field: "x-bridge")
        }
        if let asking = fields[.origin], asking != origin { throw .foreign("origin") }
        if let site = fields[.secFetchSite], site != "same-origin" {
            throw .foreign("sec-fetch-site")
        }
    }
}

extension Problem {
    static func foreign(_ field: String) -> Problem {
        Problem(
            .forbidden, .forbiddenOrigin, "no page of another site may ask for this", field: field)
    }
}

extension Session {
    fileprivate init?(_ bytes: [UInt8], key: [UInt8]) {
        guard let json = try? JSON(parsing: bytes), let id = json["id"]?.string,
            let token = json["token"]?.string, let expires = json["expires"]?.integer
        else { return nil }
        self.init(
            key: key,
            access: AgentAccess(
                agent: Agent(id: id, name: json["name"]?.string), token: token,
                permissions: Set(json["permissions"]?.array?.compactMap(\.string) ?? [])),
            expires: Timestamp(milliseconds: Int64(expires)))
    }

    fileprivate var bytes: [UInt8] {
        JSON.object([
            .init("id", .string(agent.id)), .init("name", JSON(agent.name)),
            .init("token", .string(access.token)), .init("expires", JSON(expires.milliseconds)),
            .init("permissions", .array(access.permissions.sorted().map(JSON.string))),
        ]).bytes
    }
}

extension HTTPField.Name {
    /// The id of the agent whose page it is.
    static let agent = known("x-agent")
    static let bridge = known("x-bridge")
    static let secFetchSite = known("sec-fetch-site")
}
