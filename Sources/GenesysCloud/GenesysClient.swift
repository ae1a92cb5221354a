public import CurlTransport
public import ExactJSON
public import Outbox

/// Calls of one OAuth client to the Platform API.
///
/// Every call goes by the one pacer, bears the token, and tells the pacer what the server says of its limit.
public struct GenesysClient: Sendable {
    public let pacer: Pacer
    private let api: String
    private let token: AccessToken
    private let transport: CurlTransport

    public init(
        endpoints: Endpoints, clientID: String, clientSecret: String, transport: CurlTransport,
        pacer: Pacer, environment: Environment
    ) {
        api = endpoints.api
        token = AccessToken(
            endpoints: endpoints, clientID: clientID, clientSecret: clientSecret,
            transport: transport, environment: environment)
        self.transport = transport
        self.pacer = pacer
    }

    /// Makes a call with a slot of the pacer that the caller has taken; it is finished here.
    ///
    /// A token that is refused was not used for anything: it is replaced, and the call made once more.
    public func send(
        _ method: String, _ path: String, _ body: JSON? = nil
    ) async throws(CallError) -> Answer {
        let first = try await slotUsed { () throws(CallError) in try await token.value() }
        let answer = try await attempt(method, path, body, token: first)
        guard answer.status == 401 else { return answer }
        await token.discard(first)
        let second = try await token.value()
        do { try await pacer.slot() } catch { throw .unreachable("cancelled while waiting") }
        let again = try await attempt(method, path, body, token: second)
        guard again.status == 401 else { return again }
        await token.discard(second)
        throw .unauthorized("the API refuses a fresh token (\(again.complaint))")
    }

    /// Waits for a slot and makes the call.
    public func call(
        _ method: String, _ path: String, _ body: JSON? = nil
    ) async throws(CallError) -> Answer {
        do { try await pacer.slot() } catch { throw .unreachable("cancelled while waiting") }
        return try await send(method, path, body)
    }

    /// Gives the slot back if what comes before the call fails.
    private func slotUsed<Value: Sendable>(
        _ prepare: () async throws(CallError) -> Value
    ) async throws(CallError) -> Value {
        do {
            return try await prepare()
        } catch {
            pacer.giveBack(1)
            throw error
        }
    }

    private func attempt(
        _ method: String, _ path: String, _ body: JSON?, token: String
    ) async throws(CallError) -> Answer {
        var request = TransportRequest(
            method: method, url: api + path,
            headers: [("Authorization", "Bearer \(token)"), ("Accept", "application/json")])
        if let body {
            request.headers.append(("Content-Type", "application/json"))
            request.body = body.bytes
        }
        do throws(TransportError) {
            let response = try await transport.send(request)
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
}
