import ExactJSON
import Outbox

extension Outcome {
    /// What the answer to messages for a live conversation means.
    ///
    /// What Genesys does with them once it has ended is not documented: refused, it is gone; and gone it is
    /// where they are taken and the answer shows it ended.
    init(ofJoining conversation: String, _ answer: Answer, provider: String) {
        let complaint = answer.complaint
        switch answer.status {
        case 200..<300:
            let shown = answer.body.flatMap { Observation(email: $0, provider: provider) }
            if shown?.stage == .ended {
                self = .gone("conversation \(conversation) has ended")
            } else {
                self = .delivered(reference: conversation)
            }
        case 404, 409:
            self = .gone(complaint)
        case 400 where Self.hasEnded(answer.code ?? ""):
            self = .gone(complaint)
        case 408, 500...:
            self = .unknown(complaint)
        default:
            // As a create is judged by what it can share with this.
            self = Outcome(ofCreating: answer)
        }
    }

    /// What the answer to ending a conversation means; it may safely be repeated.
    init(ofEnding answer: Answer) {
        switch answer.status {
        case 200..<300, 404, 409: self = .delivered(reference: nil)
        case 401: self = .unauthorized(answer.complaint)
        case 429: self = .throttled(after: answer.retryAfter ?? .seconds(60), answer.complaint)
        case 403:
            let advice = CallKind.conversation.permissions ?? ""
            self = .failed(after: nil, "\(answer.complaint); give the client's role \(advice)")
        default: self = .failed(after: answer.retryAfter, answer.complaint)
        }
    }

    /// Codes of a 400 that a conversation's end causes.
    private static func hasEnded(_ code: String) -> Bool {
        ["no.active", "not.active", "not.connected", "not.found", "disconnected", "ended"]
            .contains { code.contains($0) }
    }
}
