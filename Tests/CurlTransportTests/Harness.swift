import CurlTransport
import LoopbackServer

/// Runs the body with a transport of its own, and shuts that down.
func withTransport(
    concurrency: Int = 64, _ body: (CurlTransport) async throws -> Void
) async throws {
    let transport = CurlTransport(userAgent: "tests", concurrency: concurrency)
    do {
        try await body(transport)
    } catch {
        await transport.shutdown()
        throw error
    }
    await transport.shutdown()
}

/// Returns when the condition holds; the test's time limit bounds the wait.
func until(_ condition: () async -> Bool) async throws {
    while await !condition() { try await Task.sleep(for: .milliseconds(1)) }
}

extension CurlTransport {
    /// The error that sending ends with.
    func failure(of request: TransportRequest) async -> TransportError? {
        do throws(TransportError) {
            _ = try await send(request)
            return nil
        } catch {
            return error
        }
    }
}

extension TransportError? {
    var isNotSent: Bool { if case .notSent = self { true } else { false } }
    var isUnknown: Bool { if case .unknown = self { true } else { false } }
}

extension LoopbackServer {
    func url(_ path: String = "/", scheme: String = "http", host: String = "127.0.0.1") -> String {
        "\(scheme)://\(host):\(port)\(path)"
    }

    /// Answers every request with its own body.
    static func echo(headers: [String] = []) throws -> LoopbackServer {
        try LoopbackServer { connection in
            while let request = try connection.readRequest() {
                try connection.respond(headers: headers, body: request.body)
            }
        }
    }
}
