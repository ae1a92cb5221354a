import Sandbox
import Testing

@Suite("Held calls", .timeLimit(.minutes(15)))
struct HoldTests {
    @Test(arguments: [false, true])
    func aHeldCallIsAnsweredOnceItIsReleased(applied: Bool) async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(.init(on: .create, do: .hold, applied: applied))
            let connection = try sandbox.connect()
            connection.send(request("POST", createPath, token: token, body: try createBody()))
            try await sandbox.held()
            #expect(await sandbox.conversations().count == (applied ? 1 : 0))
            let faults = try await sandbox.call("GET", "/sandbox/faults")
            #expect(faults.json["held"] as? Int == 1)
            let release = try await sandbox.call("POST", "/sandbox/faults/release")
            #expect(release.json["released"] as? Int == 1)
            #expect(await connection.readAnswer()?.status == 200)
            #expect(await sandbox.conversations().count == 1)
        }
    }

    @Test func manyAreHeldAndReleasedTogether() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(.init(on: .create, do: .hold, times: 0))
            let connections = try (0..<20).map { _ in try sandbox.connect() }
            for connection in connections {
                connection.send(request("POST", createPath, token: token, body: try createBody()))
            }
            try await sandbox.held(20)
            #expect(await sandbox.conversations().isEmpty)
            try await sandbox.clearFaults()
            for connection in connections {
                #expect(await connection.readAnswer()?.status == 200)
            }
            #expect(await sandbox.conversations().count == 20)
        }
    }

    @Test func aCallWhoseClientLeavesIsNotAppliedLater() async throws {
        try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(.init(on: .create, do: .hold, times: 2))
            let leaving = try sandbox.connect()
            leaving.send(request("POST", createPath, token: token, body: try createBody()))
            try await sandbox.held(1)
            leaving.leave()
            try await sandbox.held(0)
            let staying = try sandbox.connect()
            staying.send(request("POST", createPath, token: token, body: try createBody()))
            try await sandbox.held(1)
            await sandbox.release()
            #expect(await staying.readAnswer()?.status == 200)
            #expect(await sandbox.conversations().count == 1)
        }
    }

    @Test func aHoldEndsWithTheSandbox() async throws {
        let connection = try await withSandbox { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(.init(on: .create, do: .hold))
            let connection = try sandbox.connect()
            connection.send(request("POST", createPath, token: token, body: try createBody()))
            try await sandbox.held()
            return connection
        }
        #expect(await connection.readToEnd().text.isEmpty)
    }
}
