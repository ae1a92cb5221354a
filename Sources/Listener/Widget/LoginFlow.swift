import HTTPTypes
import HummingbirdCore
import Logging
import Outbox

/// Logs agents in with their accounts at Genesys (OAuth authorization code with PKCE); their tokens stay here.
struct LoginFlow: Sendable {
    let settings: WidgetSettings
    let logins: any AgentLogin
    let sessions: Sessions
    private let page: PageFiles
    private let seal: Seal
    let environment: Environment
    let handovers = Handovers()
    private let exchanges: CodeExchanges
    private let refused: RefusedLogins

    init(
        _ settings: WidgetSettings, logins: any AgentLogin, sessions: Sessions, page: PageFiles,
        environment: Environment
    ) {
        self.settings = settings
        self.logins = logins
        self.sessions = sessions
        self.page = page
        seal = Seal(settings.sessionKeys, for: "login")
        self.environment = environment
        exchanges = CodeExchanges(at: environment.uptime())
        refused = RefusedLogins(at: environment.uptime())
    }

    func add(to routes: inout Routes) {
        routes.on(.get, "widget/login") { call throws(Problem) in try begin(call) }
        routes.on(.get, "widget/callback") { call throws(Problem) in try await comeBack(call) }
        routes.on(.get, "widget/api/session") { call throws(Problem) in try await show(call) }
        routes.on(.post, "widget/api/session") { call throws(Problem) in try await take(call) }
        routes.on(.delete, "widget/api/session") { call throws(Problem) in try await end(call) }
    }

    private func begin(_ call: Call) throws(Problem) -> Response {
        let attempt = LoginAttempt(
            try mode(of: call), from: call.target, origins: settings.ancestors,
            at: environment.now())
        var response = Response(
            status: .found,
            headers: [
                .location: logins.address(
                    state: attempt.state, challenge: attempt.challenge, redirect: settings.redirect)
            ])
        let age = Int(LoginAttempt.lifetime.components.seconds)
        response.headers.append(attempt.cookie.field(attempt.sealed(with: seal), maxAge: age))
        return response
    }

    private func mode(of call: Call) throws(Problem) -> LoginAttempt.Mode {
        switch call.target["mode"] {
        case nil, "frame": return .frame
        case "popup":
            // A page of another site could have a login made for a proof of its own.
            if let site = call.request.headers[.secFetchSite], site != "same-origin" {
                throw .foreign("sec-fetch-site")
            }
            guard let challenge = call.target["challenge"], challenge.utf8.count == 43,
                [UInt8](base64URL: challenge) != nil
            else {
                throw Problem(
                    .badRequest, .invalid, "SHA-256 of the proof is expected, in base64url",
                    field: "challenge")
            }
            return .popup(challenge: challenge)
        default:
            throw Problem(.badRequest, .invalid, "frame or popup is expected", field: "mode")
        }
    }

    private func comeBack(_ call: Call) async throws(Problem) -> Response {
        let now = environment.now()
        let state = call.target["state"] ?? ""
        guard let sealed = call.request.headers[.login(state)],
            let attempt = LoginAttempt(sealed: sealed, with: seal, at: now),
            attempt.state.isSame(as: state)
        else {
            return page.refusal(
                .forbidden,
                "This sign-in was not begun in this browser, or more than ten minutes ago.")
        }
        var response: Response
        do throws(LoginError) {
            guard let code = call.target["code"] else { throw .refused(call.genesysError) }
            switch exchanges.begin(attempt.state, at: environment.uptime()) {
            case .begun: break
            case .usedBefore: throw .refused("This sign-in was used before.")
            case .busy(let wait): return busy(attempt, wait, call.logger)
            }
            let login = try await exchange(code, of: attempt)
            response = try await finish(attempt, with: login, since: now)
        } catch {
            response = refusal(error, of: attempt, call.logger)
        }
        response.headers.append(attempt.cookie.removal)
        return response
    }

    private func exchange(
        _ code: String, of attempt: LoginAttempt
    ) async throws(LoginError) -> Login {
        do throws(LoginError) {
            let login = try await logins.logIn(
                code: code, verifier: attempt.verifier, redirect: settings.redirect)
            exchanges.end(hasFailed: false, at: environment.uptime())
            return login
        } catch {
            exchanges.end(hasFailed: true, at: environment.uptime())
            throw error
        }
    }

    private func finish(
        _ attempt: LoginAttempt, with login: Login, since: Timestamp
    ) async throws(LoginError) -> Response {
        switch attempt.mode {
        case .popup(let challenge):
            let code = await offer(.init(login: login, since: since, challenge: challenge))
            return page.handover(code, to: settings.origin, lang: attempt.lang)
        case .frame:
            let secret: Secret
            do {
                secret = try await begin(login, since: since).secret
            } catch {
                throw .unavailable(error.detail ?? "the login cannot be kept")
            }
            var response = Response(status: .found, headers: [.location: attempt.pageAfterLogin])
            response.headers.append(Cookie.session.field(secret.text))
            return response
        }
    }

    private func refusal(
        _ error: LoginError, of attempt: LoginAttempt, _ logger: Logger
    ) -> Response {
        let (status, words): (HTTPResponse.Status, String)
        switch error {
        case .refused(let reason): (status, words) = (.forbidden, reason)
        case .foreign(let reason): (status, words) = (.forbidden, reason)
        case .unavailable(let reason): (status, words) = (.serviceUnavailable, reason)
        }
        refused.note(status.code, words, at: environment.uptime(), logger)
        return page.refusal(status, words, lang: attempt.lang, back: attempt.pageAfterLogin)
    }

    /// Nothing was used up: the same address may be come back to.
    private func busy(
        _ attempt: LoginAttempt, _ wait: Duration, _ logger: Logger
    ) -> Response {
        let words = "Too many sign-ins are under way, or have just failed."
        refused.note(503, words, at: environment.uptime(), logger)
        var response = page.refusal(
            .serviceUnavailable, words, lang: attempt.lang, back: attempt.pageAfterLogin)
        response.headers[.retryAfter] = wait.retryAfter
        return response
    }
}

extension Call {
    /// What Genesys says instead of a code (RFC 6749 §4.1.2.1).
    fileprivate var genesysError: String {
        let words = [target["error"], target["error_description"]].compactMap(\.self)
        return words.isEmpty
            ? "Genesys sent neither a code nor an error."
            : String(words.joined(separator: ": ").prefix(300))
    }
}
