import ExactJSON
import Outbox

extension Outcome {
    /// What the answer to the creation of a conversation means.
    ///
    /// Nothing makes a creation safe to repeat, so whatever may have been carried out is unknown: 408, 409,
    /// every 5xx, and a success that names no conversation.
    init(ofCreating answer: Answer) {
        let complaint = answer.complaint
        switch answer.status {
        case 200..<300:
            if let id = answer.body?["id"]?.string, id.isPlainID {
                self = .delivered(reference: id)
            } else {
                self = .unknown("answered \(answer.status) without a conversation's id")
            }
        case 300..<400:
            self = .misconfigured(
                "answered \(answer.status), a redirect; check genesys.region and genesys.apiURL")
        case 401:
            self = .unauthorized(complaint)
        case 403, 404:
            self = .misconfigured(complaint)
        case 400 where Self.routeCodes.contains(answer.code ?? ""):
            self = .misconfigured(complaint)
        case 429:
            self = .throttled(after: answer.retryAfter ?? .seconds(60), complaint)
        case 408, 409, 500...:
            self = .unknown(complaint)
        default:
            self = .refused(complaint)
        }
    }

    /// Codes of a 400 that the route's settings cause, and every message of the route would meet.
    private static let routeCodes: Set = [
        "bad.flow.id", "email.error.invalid.queue",
        "postino.error.notnull.createconversationrequest.provider",
        "postino.error.notnull.createconversationrequest.queueid",
        "too.many.create.email.parameters",
    ]

    init(_ error: CallError) {
        switch error {
        case .unreachable(let reason), .paused(let reason), .spent(let reason):
            self = .unreachable(reason)
        case .unauthorized(let reason), .forbidden(let reason): self = .unauthorized(reason)
        case .unknown(let reason): self = .unknown(reason)
        }
    }
}
