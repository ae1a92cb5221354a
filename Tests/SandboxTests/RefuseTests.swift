import Foundation
import Sandbox
import Testing

@Suite("Refused connections", .timeLimit(.minutes(15)))
struct RefuseTests {
    /// An address no other test listens on: a port that is given up must not be taken by one of them.
    private let ownAddress: Sandbox.Options = {
        var options = Sandbox.Options()
        options.host = "127.0.77.1"
        return options
    }()

    private func expectRefused(_ sandbox: Sandbox) {
        #expect(throws: RawConnection.Refused(errno: ECONNREFUSED)) { try sandbox.connect() }
    }

    @Test func connectionsAreRefusedUntilTheFaultsAreLifted() async throws {
        try await withSandbox(ownAddress) { sandbox in
            let token = try await sandbox.token()
            let standing = try sandbox.connect()
            let ask = request("GET", "/api/v2/tokens/me", token: token)
            standing.send(ask)
            #expect(await standing.readAnswer()?.status == 200)
            await sandbox.plan(.init(on: .now, do: .refuse))
            expectRefused(sandbox)
            standing.send(ask)
            #expect(await standing.readAnswer()?.status == 200, "a standing connection goes on")
            standing.send(request("DELETE", "/sandbox/faults"))
            #expect(await standing.readAnswer()?.status == 200)
            #expect(try await sandbox.create(token: token).status == 200)
        }
    }

    @Test func theCallThatBringsItOnIsAnswered() async throws {
        try await withSandbox(ownAddress) { sandbox in
            let token = try await sandbox.token()
            await sandbox.plan(.init(on: .create, do: .refuse))
            #expect(try await sandbox.create(token: token).status == 200)
            expectRefused(sandbox)
            try await sandbox.clearFaults()
            #expect(try await sandbox.create(token: token).status == 200)
        }
    }

    @Test func allConnectionsButTheControllersAreResetOnDemand() async throws {
        try await withSandbox(ownAddress) { sandbox in
            let token = try await sandbox.token()
            let client = try sandbox.connect()
            client.send(request("GET", "/api/v2/tokens/me", token: token))
            #expect(await client.readAnswer()?.status == 200)
            let controller = try sandbox.connect()
            controller.send(
                request(
                    "POST", "/sandbox/faults",
                    body: #"{"on": "now", "do": "refuse", "resetsConnections": true}"#))
            #expect(await controller.readAnswer()?.status == 200)
            #expect(await client.readToEnd().end == .reset)
            expectRefused(sandbox)
            controller.send(request("DELETE", "/sandbox/faults"))
            #expect(await controller.readAnswer()?.status == 200)
            #expect(try await sandbox.create(token: token).status == 200)
        }
    }

    @Test func aRefusalEndsByItselfAfterItsTime() async throws {
        try await withSandbox(ownAddress) { sandbox in
            await sandbox.plan(.init(on: .now, do: .refuse, seconds: 0.05))
            var connection: RawConnection?
            while connection == nil {
                connection = try? sandbox.connect()
                await Task.yield()
            }
            let answer = try await sandbox.logIn()
            #expect(answer.status == 200)
        }
    }

    @Test func aStoppedSandboxListensNoMore() async throws {
        let sandbox = try await Sandbox.start(ownAddress)
        let connection = try sandbox.connect()
        await sandbox.plan(.init(on: .now, do: .refuse, seconds: 0.01))
        await sandbox.stop()
        expectRefused(sandbox)
        #expect(await connection.readToEnd().text.isEmpty)
    }
}
