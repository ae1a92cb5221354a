import CurlTransport
import ExactJSON
public import Outbox

extension AgentDesk: AgentLogin {
    public func address(state: String, challenge: String, redirect: String) -> String {
        let query = [
            ("response_type", "code"), ("client_id", widget.id), ("redirect_uri", redirect),
            ("state", state), ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ]
        return "\(client.endpoints.login)/oauth/authorize?\(query.percentEncoded)"
    }

    public func logIn(
        code: String, verifier: String, redirect: String
    ) async throws(LoginError) -> Login {
        let form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ]
        let (token, lifetime) = try await exchange(form)
        do throws(LoginError) {
            try await checkOrigin(of: token)
            return Login(access: try await access(token), lifetime: lifetime)
        } catch {
            await revoke(token)
            throw error
        }
    }

    public func logOut(_ agent: AgentAccess) async { await revoke(agent.token) }

    private func exchange(
        _ form: [(String, String)]
    ) async throws(LoginError) -> (token: String, lifetime: Duration) {
        let response: TransportResponse
        do {
            response = try await client.tokens.request(
                form, clientID: widget.id, secret: widget.secret)
        } catch {
            throw .unavailable("login host: \(error.reason)")
        }
        let body = try? JSON(parsing: response.body)
        switch response.status {
        case 200:
            guard let grant = TokenEndpoint.grant(body) else {
                throw .unavailable("the login host answered 200 without an access_token")
            }
            return grant
        case 400, 401, 403:
            throw .refused(
                "the login host refuses the login (\(response.status): \(words(body, form))); try "
                    + "again, and if it stays so check widget.clientID, widget.clientSecret and "
                    + "the client's authorized redirect address")
        default:
            throw .unavailable("the login host answered \(response.status)")
        }
    }

    /// What the login host says, unless it repeats a secret.
    private func words(_ body: JSON?, _ form: [(String, String)]) -> String {
        let secrets = form.filter { $0.0 == "code" || $0.0 == "code_verifier" }.map(\.1)
        return TokenEndpoint.words(body, hiding: secrets + [widget.secret ?? ""])
    }

    /// A token of another organisation or client opens nothing here, although Genesys takes it.
    private func checkOrigin(of token: String) async throws(LoginError) {
        let info = try await read("/api/v2/tokens/me", with: token)
        guard let organization = info["organization"]?["id"]?.string,
            organization.lowercased() == (try await ownOrganization()).lowercased()
        else { throw .foreign("the account belongs to another organisation than the bridge") }
        guard info["OAuthClient"]?["id"]?.string?.lowercased() == widget.id.lowercased() else {
            throw .foreign("the token was made for another OAuth client than widget.clientID")
        }
        // Present only where somebody of another organisation acts as a user of this one.
        guard info["clonedUser"] ?? .null == .null else {
            throw .foreign("the account is one that another organisation acts with")
        }
    }

    private func ownOrganization() async throws(LoginError) -> String {
        if let known = organization[widget.id] { return known }
        do {
            let id = try await client.organization().id
            organization.keep(id, for: widget.id)
            return id
        } catch {
            throw .unavailable(error.reason)
        }
    }

    /// Learns whose a token is.
    private func access(_ token: String) async throws(LoginError) -> AgentAccess {
        let user = try await read("/api/v2/users/me?expand=authorization", with: token)
        guard let id = user["id"]?.string, id.isPlainID else {
            throw .unavailable("the login's user came without an id")
        }
        guard user["state"]?.string == "active" else { throw .refused("the user is not active") }
        let name = user["name"]?.string.map { String($0.prefix(200)) }
        let permissions = user["authorization"]?["permissions"]?.array ?? []
        return AgentAccess(
            agent: Agent(id: id, name: name?.isEmpty == true ? nil : name), token: token,
            permissions: Set(permissions.compactMap(\.string)))
    }

    private func read(_ path: String, with token: String) async throws(LoginError) -> JSON {
        let answer: Answer
        do {
            answer = Answer(try await client.exchange(.agent, "GET", path, nil, token: token))
        } catch {
            throw .unavailable(error.reason)
        }
        switch answer.status {
        case 200:
            guard let body = answer.body else {
                throw .unavailable("Genesys answered 200 without JSON")
            }
            return body
        case 408, 409, 429, 500...: throw .unavailable(answer.complaint)
        default: throw .refused(answer.complaint)
        }
    }

    private func revoke(_ token: String) async {
        _ = try? await client.exchange(.agent, "DELETE", "/api/v2/tokens/me", nil, token: token)
    }
}
