import Foundation
import Sandbox
import Testing

let demoBilling = "3f6a0c1e-0000-4000-8000-000000000003"
let sam = "5a6b0c1e-0000-4000-8000-000000000001"
let robin = "5a6b0c1e-0000-4000-8000-000000000002"
let resolved = "7c8d0c1e-0000-4000-8000-000000000001"

/// A conversation, and agents who act on it with tokens of their own.
struct Desk {
    let sandbox: Sandbox
    let client: String
    let sam: String
    let robin: String
    let conversation: Created

    static func with(
        _ options: Sandbox.Options = .init(), _ body: (Desk) async throws -> Void
    ) async throws {
        try await withSandbox(options) { sandbox in
            let client = try await sandbox.token()
            try await body(
                Desk(
                    sandbox: sandbox, client: client,
                    sam: try await sandbox.token(ofAgent: SandboxTests.sam),
                    robin: try await sandbox.token(ofAgent: SandboxTests.robin),
                    conversation: try await sandbox.created(token: client)))
        }
    }

    /// The conversation as its owner lists it.
    var listed: Sandbox.Conversation {
        get async throws {
            try #require(await sandbox.conversations().first { $0.id == conversation.id })
        }
    }

    /// Alerts an agent; returns the id of their participant.
    func offer(_ agent: String = SandboxTests.sam) async throws -> String {
        try #require(
            await sandbox.offer(conversation.id, to: agent).agentParticipantId)
    }

    /// The same, and the agent accepts.
    func accepted() async throws -> String {
        let participant = try await offer()
        #expect(try await patch(participant, #"{"state": "connected"}"#).status == 202)
        return participant
    }

    /// Changes a participant, as Sam unless another token is given.
    func patch(
        _ participant: String, _ body: String, general: Bool = false, token: String? = nil
    ) async throws -> ReceivedAnswer {
        let path = "\(general ? "" : "/emails")/{id}/participants/\(participant)"
        return try await sandbox.call(
            "PATCH", conversation.path(path), token: token ?? sam, body: body)
    }

    /// A call below a participant, as Sam unless another token is given.
    func call(
        _ method: String, _ participant: String, _ verb: String, _ body: String? = nil,
        general: Bool = false, token: String? = nil
    ) async throws -> ReceivedAnswer {
        let path = "\(general ? "" : "/emails")/{id}/participants/\(participant)/\(verb)"
        return try await sandbox.call(
            method, conversation.path(path), token: token ?? sam, body: body)
    }

    /// The participants by `GET /conversations/emails/{id}`.
    func participants() async throws -> [[String: Any]] {
        let answer = try await sandbox.call(
            "GET", conversation.path("/emails/{id}"), token: client)
        return try #require(answer.json["participants"] as? [[String: Any]])
    }

    /// The same by `GET /conversations/{id}`.
    func generalParticipants() async throws -> [[String: Any]] {
        let answer = try await sandbox.call("GET", conversation.path("/{id}"), token: client)
        return try #require(answer.json["participants"] as? [[String: Any]])
    }

    /// `purpose state`, with the disconnect type if there is one, of each participant.
    func sides() async throws -> [String] {
        try await participants().map { participant in
            ["purpose", "state", "disconnectType"].compactMap { participant[$0] as? String }
                .joined(separator: " ")
        }
    }
}
