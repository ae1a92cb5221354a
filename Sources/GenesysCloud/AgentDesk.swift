import ExactJSON
import Outbox

/// What agents do to conversations, by calls with their own tokens.
///
/// Each token has a rate limit of its own, so that these calls never wait for the bridge's.
public struct AgentDesk: Sendable {
    let client: GenesysClient

    /// - Parameter client: whose endpoints and connections are used, and which counts the calls.
    public init(client: GenesysClient) {
        self.client = client
    }

    /// - Returns: an answer of success.
    func call(
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
