import ExactJSON
import Listener
import Testing

/// How the face behaves on the wire, below what its routes decide.
@Suite(.timeLimit(.minutes(15))) struct HTTPTests {
    private let post = request("POST", "/v1/messages", [token], body: message())

    @Test func aConnectionIsKeptForTheNextRequest() async throws {
        try await Shops().serve { port in
            let client = try Client(port: port)
            for _ in 0..<3 {
                client.send(post)
                #expect(try await client.answer()?.status == 202)
            }
        }
    }

    @Test func requestsMayComeBeforeTheAnswers() async throws {
        let shops = try Shops()
        try await shops.serve { port in
            let client = try Client(port: port)
            let posts = (0..<20).map {
                request("POST", "/v1/messages", [token], body: message("\($0)", id: "\($0)"))
            }
            client.send(posts.joined() + request("GET", "/nowhere"))
            for _ in posts { #expect(try await client.answer()?.status == 202) }
            #expect(try await client.answer()?.status == 404)
        }
        #expect(try await shops.entries.count == 20)
    }

    @Test func theClientMayEndTheConnection() async throws {
        try await Shops().serve { port in
            let client = try Client(port: port)
            client.send(
                request("POST", "/v1/messages", [token, ("Connection", "Close")], body: message()))
            client.send(post)
            let answer = try await client.answer()
            #expect(answer?.status == 202 && answer?["connection"] == "close")
            #expect(try await client.isClosed())
        }
    }

    @Test func aClientThatSendsNoMoreIsStillAnswered() async throws {
        try await Shops().serve { port in
            let client = try Client(port: port)
            client.send(post)
            client.finish()
            #expect(try await client.answer()?.status == 202)
            #expect(try await client.isClosed())
        }
    }

    @Test(arguments: ["", "keep-alive"]) func anOldClientIsAnsweredAndClosed(
        connection: String
    ) async throws {
        try await Shops().serve { port in
            let client = try Client(port: port)
            let fields = connection.isEmpty ? [token] : [token, ("Connection", connection)]
            client.send(
                request("POST", "/v1/messages", fields, body: message(), version: "1.0"))
            let answer = try await client.answer()
            #expect(answer?.status == 202 && answer?["connection"] == "close")
            #expect(answer?["transfer-encoding"] == nil && answer?["content-length"] != nil)
            #expect(try await client.isClosed())
        }
    }

    @Test func theBodyIsAskedForOnceItsSizeWillDo() async throws {
        let shops = try Shops()
        let body = message()
        let expecting = [token, ("Expect", "100-Continue")]
        let whole = request("POST", "/v1/messages", expecting, body: body)
        try await shops.serve { port in
            let client = try Client(port: port)
            // Also behind a request that is not answered yet.
            client.send(post + String(whole.dropLast(body.count)))
            #expect(try await client.answer()?.status == 202)
            #expect(try await client.answer()?.status == 100)
            client.send(body)
            #expect(try await client.answer()?.status == 202)
            // A body that did not wait needs no word.
            client.send(whole)
            #expect(try await client.answer()?.status == 202)
        }
        #expect(try await shops.entries.count == 3)
    }

    @Test func anotherExpectationIsRefused() async throws {
        let shops = try Shops()
        let answer = try await shops.ask(
            request("POST", "/v1/messages", [token, ("Expect", "a-miracle")], body: message()))
        try await shops.expectRefusal(answer, 417, "expect")
        let old = try await shops.ask(
            request(
                "POST", "/v1/messages", [token, ("Expect", "100-continue")], body: message(),
                version: "1.0"))
        #expect(old.status == 202)
    }

    @Test func aBodyThatIsAnnouncedTooLargeIsNotReadAtAll() async throws {
        let shops = try Shops()
        try await shops.serve { port in
            let client = try Client(port: port)
            client.send(
                request(
                    "POST", "/v1/messages",
                    [token, ("Content-Length", "\(1 << 20 | 1)"), ("Expect", "100-continue")]))
            let answer = try #require(try await client.answer())
            try await shops.expectRefusal(answer, 413)
            #expect(answer["connection"] == "close")
            #expect(try await client.isClosed())
        }
    }

    @Test func aBodyThatGrowsTooLargeIsCutOff() async throws {
        let shops = try Shops()
        try await shops.serve { port in
            let client = try Client(port: port)
            client.send(request("POST", "/v1/messages", [token, ("Transfer-Encoding", "chunked")]))
            let chunk = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
            for _ in 0..<17 { client.send(chunk) }
            let answer = try #require(try await client.answer())
            try await shops.expectRefusal(answer, 413)
            #expect(answer["connection"] == "close")
            #expect(try await client.isClosed())
        }
    }

    @Test func aBodyMayComeInChunks() async throws {
        let shops = try Shops()
        try await shops.serve { port in
            let client = try Client(port: port)
            let body = Array(message().utf8)
            client.send(request("POST", "/v1/messages", [token, ("Transfer-Encoding", "chunked")]))
            for byte in body { client.send([49, 13, 10, byte, 13, 10]) }
            client.send("0\r\n\r\n" + post)
            #expect(try await client.answer()?.status == 202)
            #expect(try await client.answer()?.status == 202)
        }
    }

    @Test func aBodyThatEndsEarlyIsNoMessage() async throws {
        let shops = try Shops()
        for fields in [[("Content-Length", "500")], [("Transfer-Encoding", "chunked")]] {
            try await shops.serve { port in
                let client = try Client(port: port)
                client.send(request("POST", "/v1/messages", [token] + fields))
                client.send(fields[0].1 == "500" ? message() : "5\r\n{\"a\":")
                client.finish()
                #expect(try await client.answer()?.status == 400)
                #expect(try await client.isClosed())
            }
        }
        #expect(try await shops.entries.isEmpty)
    }

    @Test(arguments: [
        "nonsense\r\n\r\n", "POST /v1/messages HTTP/9.9\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "POST / HTTP/1.1\r\nA b: c\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ])
    func whatIsNoRequestIsRefusedAndClosed(bytes: String) async throws {
        try await Shops().serve { port in
            let client = try Client(port: port)
            client.send(post + bytes)
            #expect(try await client.answer()?.status == 202)
            #expect(try await client.answer()?.status == 400)
            #expect(try await client.isClosed())
        }
    }

    @Test(arguments: [
        "X: " + String(repeating: "y", count: 40_000),
        (0..<200).map { "X-\($0): y" }.joined(separator: "\r\n"),
    ])
    func aHeadThatIsTooLargeIsRefused(fields: String) async throws {
        try await Shops().serve { port in
            let client = try Client(port: port)
            client.send("GET / HTTP/1.1\r\n" + fields + "\r\n\r\n")
            #expect(try await client.answer()?.status == 431)
            #expect(try await client.isClosed())
        }
    }

    @Test func aHeadIsAnsweredWithoutABody() async throws {
        try await Shops().serve { port in
            let client = try Client(port: port)
            client.send(request("HEAD", "/v1/messages") + post)
            let head = try #require(try await client.answer(toHead: true))
            #expect(head.status == 405)
            #expect(try await client.answer()?.status == 202)
        }
    }

    @Test func anAbsoluteTargetIsServedToo() async throws {
        let shops = try Shops()
        let answer = try await shops.ask(
            request("POST", "http://bridge.example/v1/messages", [token], body: message()))
        #expect(answer.status == 202)
    }

    @Test func anEndOfTheServiceEndsIdleConnections() async throws {
        let client = try await Shops().serve { port in
            let client = try Client(port: port)
            client.send(post)
            #expect(try await client.answer()?.status == 202)
            return client
        }
        #expect(try await client.isClosed())
    }
}
