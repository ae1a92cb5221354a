import CurlTransport
import LoopbackServer
import Testing

@Suite(.timeLimit(.minutes(15)))
struct CurlTransportFailureTests {
    // MARK: - Not sent

    @Test func aRefusedConnectionIsNotSent() async throws {
        let refusing = try RefusingPort()
        try await withTransport { transport in
            let url = "http://127.0.0.1:\(refusing.port)/"
            let request = TransportRequest(method: "POST", url: url, body: [1])
            #expect(await transport.failure(of: request).isNotSent)
        }
    }

    @Test func anUnresolvableHostIsNotSent() async throws {
        // A label of 64 characters fails before any name server is asked.
        let host = String(repeating: "a", count: 64) + ".invalid"
        try await withTransport { transport in
            let request = TransportRequest(url: "http://\(host)/")
            #expect(await transport.failure(of: request).isNotSent)
        }
    }

    @Test func aFailedHandshakeIsNotSent() async throws {
        let server = try LoopbackServer { connection in
            try connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            try connection.waitForClose()
        }
        try await withTransport { transport in
            let request = TransportRequest(url: server.url(scheme: "https"))
            #expect(await transport.failure(of: request).isNotSent)
        }
        #expect(server.connectionCount == 1)
    }

    @Test func aStalledHandshakeIsNotSent() async throws {
        let server = try LoopbackServer { try $0.waitForClose() }
        try await withTransport { transport in
            let request = TransportRequest(
                url: server.url(scheme: "https"), connectTimeout: .milliseconds(200))
            #expect(await transport.failure(of: request).isNotSent)
        }
        #expect(server.connectionCount == 1)
    }

    @Test(arguments: ["file:///etc/hostname", "ftp://127.0.0.1:1/", "not a url", ""])
    func anotherProtocolIsNotSent(url: String) async throws {
        try await withTransport { transport in
            #expect(await transport.failure(of: TransportRequest(url: url)).isNotSent)
        }
    }

    @Test(arguments: [
        ("GET", "/\r\nX-B: 2", "1"), ("GET / HTTP/1.1\r\nX-B:", "/", "1"),
        ("GET", "/", "1\r\nX-B: 2"), ("GET", "/", "1\nX-B: 2"), ("GET", "/", "1\0"), ("", "/", "1"),
    ])
    func lineBreaksSmuggleNothing(method: String, path: String, value: String) async throws {
        let server = try LoopbackServer.echo()
        try await withTransport { transport in
            let request = TransportRequest(
                method: method, url: server.url(path), headers: [("X-A", value)])
            #expect(await transport.failure(of: request).isNotSent)
        }
        #expect(server.connectionCount == 0)
    }

    @Test func afterShutdownNothingIsSent() async throws {
        let server = try LoopbackServer.echo()
        try await withTransport { transport in
            await transport.shutdown()
            #expect(await transport.failure(of: TransportRequest(url: server.url())).isNotSent)
        }
        #expect(server.connectionCount == 0)
    }

    // MARK: - Unknown

    @Test func aStallIsUnknown() async throws {
        let server = try LoopbackServer { connection in
            _ = try connection.readRequest()
            try connection.waitForClose()
        }
        try await withTransport { transport in
            let request = TransportRequest(
                method: "POST", url: server.url(), body: [1], timeout: .seconds(2))
            #expect(await transport.failure(of: request).isUnknown)
        }
        #expect(server.requests.count == 1)
    }

    @Test func aResetAfterTheRequestIsUnknown() async throws {
        let server = try LoopbackServer { connection in
            _ = try connection.readRequest()
            connection.reset()
        }
        try await withTransport { transport in
            let request = TransportRequest(method: "POST", url: server.url(), body: [1])
            #expect(await transport.failure(of: request).isUnknown)
        }
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [
        "", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "not HTTP at all",
    ])
    func halfAnAnswerIsUnknown(answer: String) async throws {
        let server = try LoopbackServer { connection in
            _ = try connection.readRequest()
            try connection.write(answer)
        }
        try await withTransport { transport in
            let request = TransportRequest(method: "POST", url: server.url(), body: [1])
            #expect(await transport.failure(of: request).isUnknown)
        }
        #expect(server.requests.count == 1)
    }

    @Test func aTooLargeBodyIsUnknown() async throws {
        let server = try LoopbackServer { connection in
            while try connection.readRequest() != nil {
                try connection.respond(body: [UInt8](repeating: 0, count: 100_000))
            }
        }
        try await withTransport { transport in
            var request = TransportRequest(url: server.url(), maxResponseBody: 99_999)
            #expect(
                await transport.failure(of: request)
                    == .unknown("the answer is longer than 99999 bytes"))
            request.maxResponseBody = 100_000
            let response = try await transport.send(request)
            #expect(response.body.count == 100_000)
        }
    }

    @Test func aCancelledTaskGetsUnknownAndLeavesNothingWatched() async throws {
        let server = try LoopbackServer { connection in
            _ = try connection.readRequest()
            try connection.waitForClose()
        }
        try await withTransport { transport in
            let request = TransportRequest(method: "POST", url: server.url(), body: [1])
            let sending = Task { await transport.failure(of: request) }
            try await until { server.requests.count == 1 }
            sending.cancel()
            #expect(await sending.value == .unknown("cancelled"))
            try await until { await transport.watchedDescriptors == 0 }
        }
    }

    @Test func aTaskCancelledBeforeItSendsGetsUnknown() async throws {
        let server = try LoopbackServer.echo()
        try await withTransport { transport in
            let sending = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await transport.failure(of: TransportRequest(url: server.url()))
            }
            #expect(await sending.value == .unknown("cancelled"))
        }
    }

    @Test func aRequestCancelledWhileItWaitsIsNeverSent() async throws {
        let server = try LoopbackServer { connection in
            _ = try connection.readRequest()
            try connection.waitForClose()
        }
        try await withTransport(concurrency: 1) { transport in
            func sending(_ path: String) -> Task<TransportError?, Never> {
                Task { await transport.failure(of: TransportRequest(url: server.url(path))) }
            }
            let first = sending("/1")
            try await until { server.requests.count == 1 }
            let second = sending("/2")
            second.cancel()
            #expect(await second.value == .unknown("cancelled"))
            first.cancel()
            #expect(await first.value == .unknown("cancelled"))
        }
        #expect(server.requests.map(\.target) == ["/1"])
    }

    @Test func shutdownEndsWhatIsUnderWay() async throws {
        let server = try LoopbackServer { connection in
            _ = try connection.readRequest()
            try connection.waitForClose()
        }
        let transport = CurlTransport(userAgent: "tests")
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 {
                group.addTask {
                    let request = TransportRequest(method: "POST", url: server.url(), body: [1])
                    let failure = await transport.failure(of: request)
                    #expect(failure.isUnknown, "\(String(describing: failure))")
                }
            }
            try await until { server.requests.count == 20 }
            await transport.shutdown()
            #expect(await transport.watchedDescriptors == 0)
        }
    }

    @Test func aTransportEndsAfterItsShutdown() async throws {
        var transport: CurlTransport? = CurlTransport(userAgent: "tests")
        weak let observed = transport
        await transport?.shutdown()
        transport = nil
        try await until { observed == nil }
    }
}
