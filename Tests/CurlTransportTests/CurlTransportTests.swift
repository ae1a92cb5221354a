import CurlTransport
import LoopbackServer
import QueueExecutor
import Testing

@Suite(.timeLimit(.minutes(15)))
struct CurlTransportTests {
    @Test func aGetBringsStatusHeadersAndBody() async throws {
        let server = try LoopbackServer { connection in
            _ = try connection.readRequest()
            try connection.respond("404 Not Found", headers: ["X-A: 1"], body: Array("no".utf8))
        }
        try await withTransport { transport in
            let response = try await transport.send(
                TransportRequest(url: server.url("/a?b=c"), headers: [("X-B", "2"), ("X-C", "")]))
            #expect(response.status == 404)
            #expect(response.header("x-a") == "1")
            #expect(response.body == Array("no".utf8))
        }
        let request = try #require(server.requests.first)
        #expect(request.method == "GET")
        #expect(request.target == "/a?b=c")
        #expect(request.header("X-B") == "2")
        #expect(request.headers.contains { $0.hasPrefix("X-C:") })
        #expect(request.header("User-Agent") == "tests")
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE"], [0, 1, 1_500_000])
    func aBodyArrivesWhole(method: String, size: Int) async throws {
        let body = [UInt8](repeating: 7, count: size)
        let server = try LoopbackServer.echo()
        try await withTransport { transport in
            let response = try await transport.send(
                TransportRequest(
                    method: method, url: server.url(), headers: [("Content-Type", "a/b")],
                    body: body, maxResponseBody: size))
            #expect(response.body == body)
        }
        let request = try #require(server.requests.first)
        #expect(request.method == method)
        #expect(request.header("Content-Length") == "\(size)")
        #expect(request.header("Content-Type") == "a/b")
        #expect(request.header("Expect") == nil)
        #expect(request.header("Transfer-Encoding") == nil)
    }

    @Test(arguments: [("POST", "0"), ("PATCH", "0"), ("DELETE", nil)])
    func withoutABodyTheLengthIsZeroOrUnsaid(method: String, length: String?) async throws {
        let server = try LoopbackServer.echo()
        try await withTransport { transport in
            _ = try await transport.send(TransportRequest(method: method, url: server.url()))
        }
        #expect(server.requests.first?.header("Content-Length") == length)
    }

    @Test func aBodyThatGoesOnComesPieceByPiece() async throws {
        let server = try LoopbackServer { connection in
            _ = try connection.readRequest()
            try connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\none")
            try connection.waitForClose()
        }
        let (pieces, taken) = AsyncStream<[UInt8]>.makeStream()
        try await withTransport { transport in
            var request = TransportRequest(url: server.url())
            request.onBody = { taken.yield($0) }
            let sending = Task { await transport.failure(of: request) }
            #expect(await pieces.first { _ in true } == Array("one".utf8))
            sending.cancel()
            #expect(await sending.value.isUnknown)
        }
    }

    @Test func aHeadHasNoBody() async throws {
        let server = try LoopbackServer { connection in
            _ = try connection.readRequest()
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
            try connection.waitForClose()
        }
        try await withTransport { transport in
            let response = try await transport.send(
                TransportRequest(method: "HEAD", url: server.url()))
            #expect(response.header("Content-Length") == "5")
        }
    }

    @Test func interimAnswersAndTrailersAreLeftOut() async throws {
        let server = try LoopbackServer { connection in
            _ = try connection.readRequest()
            try connection.write(
                """
                HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n\
                HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nX-Final: 1\r\n\r\n\
                2\r\nok\r\n0\r\nX-Trailer: 1\r\n\r\n
                """)
            try connection.waitForClose()
        }
        try await withTransport { transport in
            let response = try await transport.send(TransportRequest(url: server.url()))
            #expect(response.status == 201)
            #expect(response.headers.map(\.name) == ["Transfer-Encoding", "X-Final"])
            #expect(response.body == Array("ok".utf8))
        }
    }

    @Test func redirectsAreAnswers() async throws {
        let server = try LoopbackServer { connection in
            while try connection.readRequest() != nil {
                try connection.respond("302 Found", headers: ["Location: /elsewhere"])
            }
        }
        try await withTransport { transport in
            let response = try await transport.send(TransportRequest(url: server.url()))
            #expect(response.status == 302)
        }
        #expect(server.requests.count == 1)
    }

    @Test func connectionsAreKept() async throws {
        let server = try LoopbackServer.echo()
        try await withTransport { transport in
            for number in 0..<50 {
                let body = Array("\(number)".utf8)
                let response = try await transport.send(
                    TransportRequest(method: "POST", url: server.url(), body: body))
                #expect(response.body == body)
            }
        }
        #expect(server.connectionCount == 1)
    }

    @Test func manyRequestsShareFewConnections() async throws {
        let server = try LoopbackServer.echo()
        try await withTransport(concurrency: 8) { transport in
            await withTaskGroup { group in
                for number in 0..<200 {
                    group.addTask {
                        let body = Array("request \(number)".utf8)
                        let response = try? await transport.send(
                            TransportRequest(method: "POST", url: server.url(), body: body))
                        #expect(response?.body == body)
                    }
                }
            }
        }
        #expect(server.requests.count == 200)
        #expect(server.connectionCount <= 8)
    }

    @Test func nothingStaysWatchedWhenServersClose() async throws {
        let server = try LoopbackServer { connection in
            _ = try connection.readRequest()
            try connection.respond(headers: ["Connection: close"])
        }
        try await withTransport { transport in
            for _ in 0..<500 {
                let response = try await transport.send(
                    TransportRequest(url: server.url(host: "localhost")))
                #expect(response.status == 200)
            }
            try await until { await transport.watchedDescriptors == 0 }
        }
        #expect(server.connectionCount == 500)
    }

    @Test func theQueueAnswersWhileATransferStalls() async throws {
        let server = try LoopbackServer { try $0.waitForClose() }
        try await withTransport { transport in
            async let failure = transport.failure(of: TransportRequest(url: server.url()))
            try await until { server.connectionCount == 1 }
            await transport.executor.answers()
            await transport.shutdown()
            #expect(await failure.isUnknown)
        }
    }
}
