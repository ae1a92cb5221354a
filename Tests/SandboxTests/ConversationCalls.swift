import Foundation
import Sandbox
import Testing

let queryPath = "/api/v2/analytics/conversations/details/query"
let searchPath = "/api/v2/conversations/participants/attributes/search"

/// A call to one conversation that changes something, or that looks for it.
struct ConversationCall: Sendable, CustomTestStringConvertible {
    let kind: Sandbox.Fault.Target
    let method: String
    /// Under `/api/v2/conversations`, with `{id}` and `{pid}`, the first participant.
    let path: String
    let body: String?
    let status: Int

    var testDescription: String { "\(method) \(path)" }

    static let changes = [
        ConversationCall(
            kind: .tag, method: "PUT", path: "/{id}/tags", body: #"{"externalTag": "tag-1"}"#,
            status: 202),
        ConversationCall(
            kind: .change, method: "PATCH", path: "/emails/{id}",
            body: #"{"state": "disconnected"}"#, status: 200),
        ConversationCall(
            kind: .change, method: "POST", path: "/{id}/disconnect", body: nil, status: 202),
        ConversationCall(
            kind: .change, method: "PATCH", path: "/{id}/participants/{pid}/attributes",
            body: #"{"attributes": {"new": "1"}}"#, status: 202),
        ConversationCall(
            kind: .change, method: "PATCH", path: "/emails/{id}/participants/{pid}/attributes",
            body: #"{"attributes": {"new": "1"}}"#, status: 202),
        ConversationCall(
            kind: .change, method: "POST", path: "/emails/{id}/inboundmessages",
            body: #"{"provider": "Test Shop", "attributes": {"new": "1"}}"#, status: 200),
    ]

    func text(_ conversation: Created, token: String) -> String {
        request(method, conversation.path(path), token: token, body: body)
    }
}

/// What a create has answered.
struct Created {
    let id: String
    let participant: String

    init(_ answer: ReceivedAnswer) throws {
        id = try #require(answer.json["id"] as? String)
        let participants = try #require(answer.json["participants"] as? [[String: Any]])
        participant = try #require(participants.first?["id"] as? String)
    }

    /// A path under `/api/v2/conversations`, with the ids in place.
    func path(_ path: String) -> String {
        "/api/v2/conversations"
            + path.replacing("{id}", with: id).replacing("{pid}", with: participant)
    }
}

extension Sandbox {
    func created(
        token: String, _ change: (inout [String: Any]) -> Void = { _ in }
    ) async throws -> Created {
        try Created(try await create(token: token, body: try createBody(change)))
    }

    func call(
        _ call: ConversationCall, on conversation: Created, token: String
    ) async throws -> ReceivedAnswer {
        try await self.call(
            call.method, conversation.path(call.path), token: token, body: call.body)
    }

    func onlyConversation() async throws -> Conversation {
        try #require(await conversations().first)
    }
}

extension Sandbox.Options {
    /// With a clock that the test moves, and no limit.
    static func at(_ clock: ManualClock) -> Sandbox.Options {
        var options = Sandbox.Options()
        options.now = { clock.now() }
        options.limit = nil
        return options
    }
}
