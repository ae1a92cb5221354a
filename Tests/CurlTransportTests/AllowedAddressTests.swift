import CurlTransport
import LoopbackServer
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(15)))
struct AllowedAddressTests {
    @Test func noConnectionIsMadeToAnAddressThatIsNotAllowed() async throws {
        let server = try LoopbackServer.echo()
        try await withTransport { transport in
            var request = TransportRequest(method: "POST", url: server.url(), body: [1])
            request.refusalOfAddress = { $0.isPublic ? nil : "not to \($0)" }
            #expect(
                await transport.failure(of: request)
                    == .notSent("not to 127.0.0.1"))
        }
        #expect(server.connectionCount == 0)
    }

    @Test(arguments: ["localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
    func aNameOrAnotherSpellingIsAskedForByItsAddress(host: String) async throws {
        let server = try LoopbackServer.echo()
        try await withTransport { transport in
            var request = TransportRequest(method: "POST", url: server.url(host: host), body: [1])
            request.refusalOfAddress = { $0.isPublic ? nil : "not to \($0)" }
            #expect(await transport.failure(of: request).isNotSent)
        }
        #expect(server.connectionCount == 0)
    }

    @Test func anAddressThatIsAllowedIsAskedForOnceAConnection() async throws {
        let server = try LoopbackServer.echo()
        let asked = Mutex<[String]>([])
        try await withTransport { transport in
            var request = TransportRequest(method: "POST", url: server.url(), body: [1])
            request.refusalOfAddress = { address in
                asked.withLock { $0.append("\(address)") }
                return nil
            }
            for _ in 0..<3 {
                let response = try await transport.send(request)
                #expect(response.body == [1])
            }
        }
        #expect(asked.withLock { $0 } == ["127.0.0.1"])
        #expect(server.connectionCount == 1)
    }

    @Test func ofSeveralAddressesOneThatIsAllowedIsTaken() async throws {
        let server = try LoopbackServer.echo()
        try await withTransport { transport in
            // Where the name has ::1 too, that one is refused, and 127.0.0.1 taken.
            var request = TransportRequest(url: server.url(host: "localhost"))
            request.refusalOfAddress = { $0 == IPAddress("127.0.0.1") ? nil : "no" }
            let response = try await transport.send(request)
            #expect(response.status == 200)
        }
    }

    @Test func anAnswerIsCutWhereThatIsAsked() async throws {
        let server = try LoopbackServer { connection in
            while try connection.readRequest() != nil {
                try connection.respond("500 No", body: [UInt8](repeating: 7, count: 100_000))
            }
        }
        try await withTransport { transport in
            var request = TransportRequest(url: server.url(), maxResponseBody: 10)
            request.cutsResponseBody = true
            for _ in 0..<2 {
                let response = try await transport.send(request)
                #expect(response.status == 500)
                #expect(response.body == [UInt8](repeating: 7, count: 10))
            }
        }
        #expect(server.connectionCount == 1)
    }

    @Test(arguments: [
        ("120", Duration.seconds(120)), ("0", .zero), ("-5", .zero),
        ("Sun, 06 Nov 1994 08:49:37 GMT", .seconds(37)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", .seconds(37)),
        ("Sun Nov  6 08:49:37 1994", .seconds(37)), ("Sat, 05 Nov 1994 08:49:37 GMT", .zero),
        ("soon", nil), ("", nil),
    ])
    func retryAfterIsSecondsOrADate(text: String, wait: Duration?) {
        let response = TransportResponse(status: 503, headers: [("retry-after", text)])
        #expect(response.retryAfter(now: 784_111_740) == wait)
    }
}
