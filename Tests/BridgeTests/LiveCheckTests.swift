import LoopbackServer
import Testing

@testable import Bridge

@Suite(.timeLimit(.minutes(15)))
struct LiveCheckTests {
    @Test func whatGenesysKnowsIsRight() async throws {
        let findings = try await findings(codeGrant: ("400 No", #"{"error": "invalid_grant"}"#))
        #expect(findings.map(\.outcome) == [.right, .right, .right])
        #expect(findings.first?.line(colored: false) == "ok       OAuth client: belongs to Acme")
        #expect(findings[1].text == "queue Support")
    }

    @Test func aClientThatGenesysDoesNotKnowIsWrong() async throws {
        let findings = try await findings(codeGrant: ("401 No", #"{"error": "invalid_client"}"#))
        #expect(findings.last?.outcome == .wrong(.settings))
        #expect(
            findings.last?.line(colored: false).hasPrefix("WRONG    agents' OAuth client") == true)
    }

    @Test func aClientThatTheLoginHostSaysNothingOfIsUntriedAndUnavailable() async throws {
        let findings = try await findings(codeGrant: ("503 Later", ""))
        let last = try #require(findings.last)
        #expect(
            last.line(colored: false)
                == "UNTRIED  agents' OAuth client: the login host answered 503 (no reason); try again"
        )
        #expect(last.failure == .unavailable)
        #expect(last.line(colored: true).hasPrefix("\u{1B}[33mUNTRIED\u{1B}[0m"))
    }

    @Test func aFlowIsUntriedAndNoReasonToFail() async throws {
        let findings = try await findings(
            target: "flowID", codeGrant: ("400 No", #"{"error": "invalid_grant"}"#))
        #expect(findings.map(\.outcome) == [.right, .untried(nil), .right])
        #expect(findings.compactMap(\.failure).isEmpty)
    }

    @Test func aGenesysThatCannotBeReachedIsUntriedAndUnavailable() async throws {
        let refusing = try RefusingPort()
        let findings = await LiveCheck.run(try settings(port: refusing.port))
        #expect(findings.map(\.outcome) == [.untried(.unavailable)])
    }

    // MARK: -

    /// - Parameter codeGrant: what the login host answers to the agents' client.
    private func findings(
        target: String = "queueID", codeGrant: (status: String, body: String)
    ) async throws -> [Finding] {
        let server = try LoopbackServer { connection in
            while let request = try connection.readRequest() {
                let form = String(decoding: request.body, as: UTF8.self)
                let answer =
                    switch request.target {
                    case "/oauth/token" where form.contains("authorization_code"): codeGrant
                    case "/oauth/token":
                        ("200 OK", #"{"access_token": "token", "expires_in": 86400}"#)
                    case "/api/v2/tokens/me":
                        ("200 OK", #"{"organization": {"id": "o", "name": "Acme"}}"#)
                    case "/api/v2/routing/queues/\(queue)": ("200 OK", #"{"name": "Support"}"#)
                    default: ("404 Not Found", "{}")
                    }
                try connection.respond(answer.0, body: Array(answer.1.utf8))
            }
        }
        return await LiveCheck.run(try settings(port: server.port, target: target))
    }

    private func settings(port: UInt16, target: String = "queueID") throws -> Settings {
        try Settings.load(
            SettingsInput(
                yaml: """
                    genesys.loginURL: http://127.0.0.1:\(port)
                    genesys.apiURL: http://127.0.0.1:\(port)
                    genesys.clientID: c
                    genesys.clientSecret: s
                    genesys.\(target): \(queue)
                    listen.publicURL: https://bridge.example
                    widget.clientID: w
                    widget.frameAncestors: [https://crm.example]
                    shop.secrets: [\(whsec)]
                    store.path: /tmp/outbox.sqlite
                    """))
    }
}
