import ExactJSON
import HTTPTypes
import HummingbirdCore
import NIOCore
import Outbox

/// What the page itself asks of logins.
extension LoginFlow {
    func show(_ call: Call) async throws(Problem) -> Response {
        do {
            return Response(.ok, .object(try await sessions.session(for: call).json))
        } catch {
            var problem = error
            if problem.status == .unauthorized {
                problem.members += [
                    .init("login", .string(settings.login.rawValue)),
                    .init("cookies", .bool(call.request.headers[.probe] == "1")),
                ]
            }
            throw problem
        }
    }

    /// The tab comes for the login that was made for it in a window.
    func take(_ call: Call) async throws(Problem) -> Response {
        try sessions.checkOrigin(of: call)
        let body = try await call.body(upTo: 1 << 12)
        guard let json = try? JSON(parsing: Array(body.readableBytesView)),
            let code = json["code"]?.string, let proof = json["proof"]?.string
        else {
            throw Problem(.unprocessableContent, .invalid, "a code and its proof are expected")
        }
        guard let handover = handovers.take(code, at: environment.uptime()) else {
            throw .signedOut("the code is not known, was used, or is older than a minute")
        }
        guard handover.isFor(proof) else {
            await logins.logOut(handover.login.access)
            throw .signedOut("the code was made for another tab, and is gone")
        }
        let (session, secret) = try await begin(handover.login, since: handover.since)
        var members = session.json
        if json["header"] == true { members.append(.init("session", .string(secret.text))) }
        var response = Response(.ok, .object(members))
        response.headers.append(Cookie.session.field(secret.text))
        return response
    }

    /// What cannot be kept is taken back, as nobody could use it.
    func begin(
        _ login: Login, since: Timestamp
    ) async throws(Problem) -> (session: Session, secret: Secret) {
        do {
            return try await sessions.begin(login, since: since)
        } catch {
            await logins.logOut(login.access)
            throw error
        }
    }

    /// - Returns: the code for a login that waits for its tab; if that does not come for it, it is taken back.
    func offer(_ handover: Handovers.Handover) async -> String {
        let now = environment.uptime()
        let (code, displaced) = handovers.offer(handover, at: now)
        Task {
            try? await environment.sleep(until: now + Handovers.lifetime)
            if let left = handovers.drop(code) { await logins.logOut(left.login.access) }
        }
        if let displaced { await logins.logOut(displaced.login.access) }
        return code
    }

    func end(_ call: Call) async throws(Problem) -> Response {
        let session = try await sessions.session(for: call)
        await sessions.end(session)
        await logins.logOut(session.access)
        var response = Response(status: .noContent)
        response.headers.append(Cookie.session.removal)
        return response
    }
}

extension Session {
    fileprivate var json: [JSON.Member] {
        [
            .init("agent", ["id": .string(agent.id), "name": JSON(agent.name)]),
            .init("supervisor", .bool(isSupervisor)),
            .init("expires_at", .string(expires.description)),
        ]
    }
}
