public import CurlTransport
public import ExactJSON
public import Logging
public import Outbox

/// Calls of one OAuth client to the Platform API.
///
/// Every call goes by the one pacer, bears the token, is counted, and tells the pacer what the server says
/// of its limit.
public struct GenesysClient: Sendable {
    public let pacer: Pacer
    /// What of its calls works; told by the client of all that are no deliveries, which the relay knows better.
    public let breakers: Breakers
    let endpoints: Endpoints
    private(set) var tokens: TokenEndpoint
    private let token: AccessToken
    private var transport: CurlTransport
    private let budget: CallBudget

    public init(
        endpoints: Endpoints, clientID: String, clientSecret: String, transport: CurlTransport,
        pacer: Pacer, budget: CallBudget = .unlimited, environment: Environment, logger: Logger
    ) {
        self.endpoints = endpoints
        tokens = TokenEndpoint(endpoints, transport: transport)
        token = AccessToken(
            endpoint: tokens, clientID: clientID, clientSecret: clientSecret,
            environment: environment)
        self.transport = transport
        self.pacer = pacer
        self.budget = budget
        breakers = Breakers(.genesys, environment: environment, logger: logger)
    }

    /// The same client with its calls on other connections: the token, the pace and what was learned are shared.
    public func over(_ transport: CurlTransport) -> GenesysClient {
        var client = self
        client.transport = transport
        client.tokens = TokenEndpoint(endpoints, transport: transport)
        return client
    }

    /// Makes the call of a delivery with a slot of the pacer that the relay has taken; it is finished here.
    func deliver(
        _ kind: CallKind, _ method: String, _ path: String, _ body: JSON
    ) async throws(CallError) -> Answer {
        try await send(kind, method, path, body)
    }

    /// Waits for a slot and makes the call, unless calls of its kind are stopped.
    ///
    /// - Parameter kind: any but that of a delivery.
    /// - Returns: an answer of any status but 401, and but 403 for a missing permission.
    public func call(
        _ kind: CallKind, _ method: String, _ path: String, _ body: JSON? = nil
    ) async throws(CallError) -> Answer {
        if let reason = budget.refusal(of: kind) { throw .spent(reason) }
        guard breakers.admit(kind) else {
            let reason = breakers.status(kind)?.reason ?? "failing"
            throw breakers.isTripped(kind)
                ? .forbidden(reason) : .paused("\(kind) calls are paused: \(reason)")
        }
        let answer: Answer
        do {
            answer = try await callAnyway(kind, method, path, body)
        } catch {
            learn(kind, error)
            throw error
        }
        return try learned(kind, answer)
    }

    /// Makes the call although its kind may be stopped, for a person who waits for it.
    func callAnyway(
        _ kind: CallKind, _ method: String, _ path: String, _ body: JSON? = nil
    ) async throws(CallError) -> Answer {
        try await slot(for: kind)
        return try await send(kind, method, path, body)
    }

    // MARK: - What a call taught of its kind

    private func learned(_ kind: CallKind, _ answer: Answer) throws(CallError) -> Answer {
        switch answer.status {
        // One that lacks only a division concerns what it asked for, and no other call.
        case 403 where answer.code != "missing.division.permission":
            let advice = kind.permissions.map { "; give the client's role \($0)" } ?? ""
            let reason = answer.complaint + advice
            breakers.trip(kind, reason)
            throw .forbidden(reason)
        case 429:
            breakers.abandon(kind)
        case 408, 500...:
            breakers.fail(kind, answer.complaint)
        default:
            breakers.succeed(kind)
        }
        return answer
    }

    private func learn(_ kind: CallKind, _ error: CallError) {
        guard case .unknown(let reason) = error, !Task.isCancelled else {
            return breakers.abandon(kind)
        }
        breakers.fail(kind, reason)
    }

    // MARK: - One call

    private func slot(for kind: CallKind) async throws(CallError) {
        do {
            try await pacer.slot(for: kind.precedence)
        } catch {
            throw .unreachable("cancelled while waiting")
        }
    }

    /// A token that is refused was not used for anything: it is replaced, and the call made once more.
    private func send(
        _ kind: CallKind, _ method: String, _ path: String, _ body: JSON?
    ) async throws(CallError) -> Answer {
        let first: String
        do {
            first = try await token.value()
        } catch {
            pacer.giveBack(1)
            throw error
        }
        let answer = try await attempt(kind, method, path, body, token: first)
        guard answer.status == 401 else { return answer }
        await token.discard(first)
        let second = try await token.value()
        try await slot(for: kind)
        let again = try await attempt(kind, method, path, body, token: second)
        guard again.status == 401 else { return again }
        await token.discard(second)
        throw .unauthorized("the API refuses a fresh token (\(again.complaint))")
    }

    private func attempt(
        _ kind: CallKind, _ method: String, _ path: String, _ body: JSON?, token: String
    ) async throws(CallError) -> Answer {
        do throws(TransportError) {
            let response = try await exchange(kind, method, path, body, token: token)
            pacer.finish(Quota(response))
            let answer = Answer(response)
            if answer.status == 429 { pacer.close(for: answer.retryAfter ?? .seconds(60)) }
            return answer
        } catch {
            switch error {
            case .notSent(let reason):
                pacer.giveBack(1)
                throw .unreachable(reason)
            case .unknown(let reason):
                pacer.finish(nil)
                throw .unknown(reason)
            }
        }
    }

    /// Makes one call, and counts it if it may have reached the API.
    func exchange(
        _ kind: CallKind, _ method: String, _ path: String, _ body: JSON?, token: String
    ) async throws(TransportError) -> TransportResponse {
        var request = TransportRequest(
            method: method, url: endpoints.api + path,
            headers: [("Authorization", "Bearer \(token)"), ("Accept", "application/json")],
            // A page of the attribute search alone is about a megabyte.
            maxResponseBody: 4 << 20)
        if let body {
            request.headers.append(("Content-Type", "application/json"))
            request.body = body.bytes
        }
        do {
            let response = try await transport.send(request)
            budget.count(kind)
            return response
        } catch {
            if case .unknown = error { budget.count(kind) }
            throw error
        }
    }
}
