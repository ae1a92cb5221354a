import CurlTransport
import LoopbackServer
import Testing

/// A kept connection dies after the server took the second request on it, without an answer.
@Suite(.timeLimit(.minutes(15)))
struct CurlTransportRepeatTests {
    enum End: CaseIterable { case reset, close }

    /// Takes "/second" completely and ends its connection; answers everything else, later copies too.
    private func server(endingBy end: End) throws -> LoopbackServer {
        let first = First()
        return try LoopbackServer { connection in
            while let request = try connection.readRequest() {
                if request.target == "/second", first.take() {
                    switch end {
                    case .reset: connection.reset()
                    case .close: connection.close()
                    }
                    return
                }
                try connection.respond()
            }
        }
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE"], End.allCases)
    func aRequestWithABodyArrivesOnce(method: String, end: End) async throws {
        let server = try server(endingBy: end)
        try await withTransport { transport in
            var request = TransportRequest(method: method, url: server.url("/first"), body: [1])
            _ = try await transport.send(request)
            request.url = server.url("/second")
            #expect(await transport.failure(of: request).isUnknown)
        }
        #expect(server.requests.map(\.connection) == [1, 1])
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE"], End.allCases)
    func aRequestWithoutABodyArrivesOnce(method: String, end: End) async throws {
        let server = try server(endingBy: end)
        try await withTransport { transport in
            var request = TransportRequest(method: method, url: server.url("/first"))
            _ = try await transport.send(request)
            request.url = server.url("/second")
            #expect(await transport.failure(of: request).isUnknown)
        }
        #expect(server.requests.count == 2)
    }

    @Test(arguments: ["GET", "HEAD"], End.allCases)
    func aReadIsSentAgain(method: String, end: End) async throws {
        let server = try server(endingBy: end)
        try await withTransport { transport in
            var request = TransportRequest(method: method, url: server.url("/first"))
            _ = try await transport.send(request)
            request.url = server.url("/second")
            let response = try await transport.send(request)
            #expect(response.status == 200)
        }
        #expect(server.requests.map(\.connection) == [1, 1, 2])
    }
}
