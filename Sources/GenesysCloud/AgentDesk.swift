import ExactJSON
public import Outbox

/// What agents do to conversations, by calls with their own tokens.
///
/// Each token has a rate limit of its own, so that these calls never wait for the bridge's.
public struct AgentDesk: Participation {
    private let client: GenesysClient

    /// - Parameter client: whose endpoints and connections are used, and which counts the calls.
    public init(client: GenesysClient) {
        self.client = client
    }

    public func finish(
        _ conversation: String, as agent: AgentAccess, wrapUp: WrapUp?
    ) async throws(ParticipationError) {
        guard conversation.isPlainID else { throw .notParticipant }
        let path = "/api/v2/conversations/emails/\(conversation)"
        let answer = try await call(agent, "GET", path)
        let sides = answer.body.flatMap(ConversationSnapshot.init(email:))?.sides ?? []
        let own = sides.filter { $0.agent?.id == agent.agent.id && $0.id?.isPlainID == true }
        // An agent who gets it back has another part in it; what rings is answered by nobody yet.
        guard
            let side = own.last(where: { !$0.isOver })
                ?? own.last(where: { $0.connectedAt != nil }),
            let id = side.id
        else { throw own.isEmpty ? .notParticipant : .ended }
        guard let change = try Self.change(of: side, wrapUp) else { return }
        _ = try await call(agent, "PATCH", "\(path)/participants/\(id)", change)
    }

    /// - Returns: `nil` if all of it has been done before.
    private static func change(
        of side: ConversationSnapshot.Side, _ wrapUp: WrapUp?
    ) throws(ParticipationError) -> JSON? {
        guard side.state != .alerting else { throw .notAccepted }
        guard !side.isOver else {
            guard let wrapUp else { throw .ended }
            return side.wrapUp?.code == wrapUp.code ? nil : ["wrapup": wrapUp.json]
        }
        guard let wrapUp else {
            if side.requiresWrapUp, side.wrapUp == nil { throw .wrapUpRequired }
            return ["state": "disconnected"]
        }
        return ["state": "disconnected", "wrapup": wrapUp.json]
    }

    private func call(
        _ agent: AgentAccess, _ method: String, _ path: String, _ body: JSON? = nil
    ) async throws(ParticipationError) -> Answer {
        let answer: Answer
        do {
            answer = Answer(
                try await client.exchange(.agent, method, path, body, token: agent.token))
        } catch {
            throw .unavailable(error.reason)
        }
        guard !(200..<300).contains(answer.status) else { return answer }
        throw ParticipationError(answer)
    }
}

extension ParticipationError {
    fileprivate init(_ answer: Answer) {
        let code = answer.code ?? ""
        self =
            switch (answer.status, code) {
            case (401, _): .loggedOut
            case (404, _), (_, "conversation.error.not.conversation.participant"),
                (_, "conversation.error.forbidden.not.active.participant"):
                .notParticipant
            case (_, "conversation.error.wrapup.code.required"): .wrapUpRequired
            case (_, "conversation.error.participant.no.active.conversations"): .ended
            case (403, _): .notPermitted(answer.complaint)
            case (408, _), (409, _), (429, _), (500..., _): .unavailable(answer.complaint)
            default: .refused(answer.complaint)
            }
    }
}

extension WrapUp {
    /// A `WrapupInput`.
    fileprivate var json: JSON {
        var members: [(String, JSON)] = [("code", .string(code))]
        if let name { members.append(("name", .string(name))) }
        if let notes { members.append(("notes", .string(notes))) }
        return JSON(members: members)
    }
}
