import ExactJSON
import Listener
import Outbox
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15))) struct TailTests {
    @Test func everyChangeComesAsItHappens() async throws {
        let ops = Ops()
        try await ops.accept()
        try await ops.serve { port in
            let reader = try await lines(port, "?format=ndjson")
            let id = try await ops.accept("t")
            let change = try #require(try await reader.json())
            #expect(change["entry"] == .string(id.description) && change["state"] == "pending")
            #expect(change["thread"] == "t" && change["shop"] == "default")
            try await ops.settle(.delivered(reference: "c-1"))
            var states: [String?] = []
            for _ in 0..<4 { states.append(try await reader.json()?["state"]?.string) }
            #expect(states.filter { $0 == "sending" }.count == 2)
            #expect(states.filter { $0 == "delivered" }.count == 2)
        }
    }

    @Test func itGoesOnWhereItWasLeft() async throws {
        let ops = Ops()
        for _ in 0..<500 { try await ops.accept() }
        try await ops.serve { port in
            let all = try await lines(port, "?format=ndjson&after=0")
            for number in 1...500 {
                #expect(try await all.json()?["sequence"] == JSON(number))
            }
            let rest = try await lines(port, "?format=ndjson&after=498")
            #expect(try await rest.json()?["sequence"] == 499)
            let again = try await lines(port, "?format=ndjson", [("Last-Event-ID", "499")])
            #expect(try await again.json()?["sequence"] == 500)
        }
        #expect(try await ops.get("/outbox/stream?after=x").status == 400)
    }

    @Test func eventsBearTheirNumber() async throws {
        let ops = Ops()
        try await ops.accept()
        try await ops.serve { port in
            let reader = try await lines(port, "?after=0")
            #expect(reader.head["content-type"] == "text/event-stream")
            #expect(try await reader.line() == "id: 1")
            #expect(try await reader.line() == "event: change")
            #expect(try await reader.line()?.hasPrefix("data: {\"sequence\":1,") == true)
            #expect(try await reader.line() == "")
        }
    }

    @Test func silenceIsBroken() async throws {
        let ops = Ops()
        try await ops.serve { port in
            let reader = try await lines(port, "")
            while ops.clock.nextAlarm == nil { await Task.yield() }
            ops.clock.advance(by: .seconds(15))
            #expect(try await reader.line() == ": still here")
        }
    }

    @Test func itEndsWithTheService() async throws {
        let ops = Ops()
        let reader = try await ops.serve { port in
            let reader = try await lines(port, "?format=ndjson")
            try await ops.accept()
            #expect(try await reader.json() != nil)
            return reader
        }
        #expect(try await reader.line() == nil)
    }

    @Test func anOldClientReadsItWithoutChunks() async throws {
        let ops = Ops()
        try await ops.accept()
        try await ops.serve { port in
            let client = try Client(port: port)
            client.send(
                request("GET", "/outbox/stream?format=ndjson&after=0", version: "1.0"))
            let head = try #require(try await client.answer())
            #expect(head.head.hasPrefix("HTTP/1.0 200") && head["connection"] == "close")
            #expect(try await client.line()?.hasPrefix("{\"sequence\":1,") == true)
        }
    }

    private func lines(
        _ port: Int, _ query: String, _ fields: [(String, String)] = []
    ) async throws -> LineReader {
        let client = try Client(port: port)
        client.send(request("GET", "/outbox/stream\(query)", fields))
        let head = try #require(try await client.answer(toHead: true))
        #expect(head.status == 200)
        return LineReader(client: client, head: head)
    }
}
