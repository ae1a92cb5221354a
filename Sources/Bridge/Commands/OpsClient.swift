import CurlTransport
import ExactJSON

/// Asks the ops face of a running daemon.
struct OpsClient: Sendable {
    let access: OpsAccess
    let send: @Sendable (TransportRequest) async throws(TransportError) -> TransportResponse

    /// The answer as it came.
    ///
    /// - Parameter path: begins with `/outbox`, `/lanes`, `/threads` or `/concerns`; its parts are already escaped.
    /// - Throws: what is wrong, with the next step.
    func ask(
        _ method: String = "GET", _ path: String, body: JSON? = nil
    ) async throws(CommandFailure) -> [UInt8] {
        var request = request(method, path, accepting: "application/json")
        if let body {
            request.headers.append(("Content-Type", "application/json"))
            request.body = body.bytes
        }
        request.maxResponseBody = 64 << 20
        let response: TransportResponse
        do {
            response = try await send(request)
        } catch {
            throw unreachable(error)
        }
        guard (200..<300).contains(response.status) else {
            throw refusal(response.status, response.body)
        }
        return response.body
    }

    /// The body of an answer as it comes, which may never end.
    ///
    /// Fails with a `TransportError` where the connection breaks, else with what is wrong.
    func stream(_ path: String, accepting type: String) -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { continuation in
            var request = request("GET", path, accepting: type)
            request.timeout = .seconds(7 * 86_400)
            request.onBody = { continuation.yield($0) }
            let task = Task { [request] in
                do {
                    let response = try await send(request)
                    guard (200..<300).contains(response.status) else {
                        throw refusal(response.status, response.body)
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func request(
        _ method: String, _ path: String, accepting type: String
    ) -> TransportRequest {
        var request = TransportRequest(
            method: method, url: "\(access.origin)\(path)", headers: [("Accept", type)])
        if let token = access.token {
            request.headers.append(("Authorization", "Bearer \(token.text)"))
        }
        return request
    }

    func unreachable(_ error: TransportError) -> CommandFailure {
        switch error {
        case .notSent(let reason):
            CommandFailure(
                .unavailable, "There is no answer at \(access.origin): \(reason).",
                next: "Start it with genesys-bridge serve, or name its ops face with --url.")
        case .unknown(let reason):
            CommandFailure(
                .temporary, "\(access.origin) did not answer: \(reason).",
                next: "It may have been done: look with genesys-bridge outbox status.")
        }
    }

    func refusal(_ status: Int, _ body: [UInt8]) -> CommandFailure {
        let problem = try? JSON(parsing: body)
        let detail = problem?["detail"]?.string ?? problem?["title"]?.string ?? "HTTP \(status)"
        switch status {
        case 401:
            return CommandFailure(
                .notAllowed, "\(access.origin) asks for a token: \(detail).",
                next: "Set $GENESYS_BRIDGE_TOKEN to a secret of ops.tokens.")
        case 403:
            return CommandFailure(
                .notAllowed, "The token may not do this: \(detail).",
                next: "Use a token of ops.tokens whose scope is write.")
        case 404: return CommandFailure(.notFound, "\(detail).")
        case 500: return CommandFailure(.software, "\(detail).")
        case 429, 501...: return CommandFailure(.temporary, "\(detail).", next: "Try again later.")
        default: return CommandFailure(.data, "\(detail).")
        }
    }
}

extension String {
    /// The text as one part of a path or a query.
    var escaped: String {
        utf8.reduce(into: "") { text, byte in
            let character = Character(Unicode.Scalar(byte))
            let isPlain =
                character.isASCIILetter || character.isASCIIDigit || "-._~".contains(character)
            let digits = String(byte, radix: 16, uppercase: true)
            text += isPlain ? String(character) : "%" + (byte < 16 ? "0" : "") + digits
        }
    }
}
