import Sandbox
import Testing

/// What each fault of the socket looks like to a client that has only system calls.
@Suite("Socket faults", .timeLimit(.minutes(15)))
struct SocketFaultTests {
    /// Sends a create that the fault strikes; hands over the connection and the sandbox.
    private func strike(
        _ fault: Sandbox.Fault, _ body: (Sandbox, RawConnection) async throws -> Void
    ) async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(fault)
            let connection = try sandbox.connect()
            connection.send(request("POST", createPath, token: token, body: try createBody()))
            try await body(sandbox, connection)
            #expect(await sandbox.faults().isEmpty)
            let next = try await sandbox.create(token: token)
            #expect(next.status == 200, "the fault strikes once")
        }
    }

    @Test(arguments: [false, true])
    func resetIsAnRSTWithoutAByte(applied: Bool) async throws {
        try await strike(.init(on: .create, do: .reset, applied: applied)) { sandbox, connection in
            let (text, end) = await connection.readToEnd()
            #expect(text.isEmpty)
            #expect(end == .reset)
            #expect(await sandbox.conversations().count == (applied ? 1 : 0))
            let entry = try #require(await sandbox.journal(path: createPath).first)
            #expect(entry.fault == .reset)
            #expect(entry.applied == applied)
            #expect(entry.status == nil)
        }
    }

    @Test(arguments: [false, true])
    func halfAnAnswerEndsInTheMiddleOfItsBody(applied: Bool) async throws {
        try await strike(.init(on: .create, do: .half, applied: applied)) { sandbox, connection in
            let (text, end) = await connection.readToEnd()
            #expect(end == .closed)
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(text.contains("\r\n\r\n{\""))
            #expect(ReceivedAnswer(Array(text.utf8)) == nil, "the answer is whole")
            #expect(await sandbox.conversations().count == (applied ? 1 : 0))
            #expect(await sandbox.journal(path: createPath).first?.status == 200)
        }
    }

    @Test(arguments: [false, true])
    func garbageIsNoHTTP(applied: Bool) async throws {
        try await strike(.init(on: .create, do: .garbage, applied: applied)) {
            sandbox, connection in
            let (text, end) = await connection.readToEnd()
            #expect(end == .closed)
            #expect(!text.isEmpty && !text.hasPrefix("HTTP"))
            #expect(await sandbox.conversations().count == (applied ? 1 : 0))
        }
    }

    @Test(arguments: [false, true])
    func aStallSaysNothingUntilItsTimeIsOver(applied: Bool) async throws {
        let fault = Sandbox.Fault(on: .create, do: .stall, applied: applied, seconds: 0.05)
        try await strike(fault) { sandbox, connection in
            let clock = ContinuousClock()
            let start = clock.now
            let (text, end) = await connection.readToEnd()
            #expect(text.isEmpty)
            #expect(end == .closed)
            #expect(clock.now - start >= .milliseconds(40))
            #expect(await sandbox.conversations().count == (applied ? 1 : 0))
        }
    }

    @Test func aStallWithoutATimeEndsWithTheSandbox() async throws {
        let connection = try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(.init(on: .create, do: .stall, applied: true))
            let connection = try sandbox.connect()
            connection.send(request("POST", createPath, token: token, body: try createBody()))
            #expect(try await sandbox.conversations(atLeast: 1).count == 1)
            #expect(try await sandbox.journal(atLeast: 2).last?.fault == .stall)
            return connection
        }
        #expect(await connection.readToEnd().text.isEmpty)
    }

    @Test func aSlowAnswerComesWhole() async throws {
        let fault = Sandbox.Fault(on: .create, do: .slow, seconds: 0.05)
        try await strike(fault) { sandbox, connection in
            let clock = ContinuousClock()
            let start = clock.now
            #expect(await connection.readAnswer()?.status == 200)
            #expect(clock.now - start >= .milliseconds(40))
            #expect(await sandbox.conversations().count == 1)
        }
    }
}
