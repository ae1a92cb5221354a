import ExactJSON
import HTTPTypes
import Outbox

extension Problem {
    /// What the agents' page goes by; the detail is for people.
    enum Code: String, Sendable {
        case badType = "bad_type"
        case draftFull = "draft_full"
        case ended
        case forbiddenOrigin = "forbidden_origin"
        case invalid
        case mailUncertain = "mail_uncertain"
        case notAccepted = "not_accepted"
        case notFound = "not_found"
        case notPermitted = "not_permitted"
        case refused
        case signedOut = "signed_out"
        case tooLarge = "too_large"
        case unavailable
        case withdrawnTooLate = "withdrawn_too_late"
        case wrapUpRequired = "wrap_up_required"
        case wroteAgain = "wrote_again"
    }

    init(_ status: HTTPResponse.Status, _ code: Code, _ detail: String, field: String? = nil) {
        self.init(status, detail, field: field)
        add(code)
    }

    /// The agent has to log in, or to log in again.
    static func signedOut(_ detail: String = "sign in with your Genesys account") -> Problem {
        var problem = Problem.unauthorized(detail)
        problem.add(.signedOut)
        return problem
    }

    /// What has to answer for it does not: to be tried again.
    static func unavailable(_ detail: String, after wait: Duration = .seconds(10)) -> Problem {
        var problem = Problem.later(.serviceUnavailable, detail, after: wait)
        problem.add(.unavailable)
        return problem
    }

    private mutating func add(_ code: Code) {
        members.append(.init("code", .string(code.rawValue)))
    }
}
