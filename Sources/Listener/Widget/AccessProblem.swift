import ExactJSON
import HTTPTypes
import Outbox

extension Problem {
    /// The same for a thread that is not there, not ours, or not theirs: whoever guesses learns nothing.
    static let notYours = Problem(
        .notFound, .notFound,
        "this conversation is not yours to see, or not one of the bridge's")

    /// What the agents' tab answers where something could not be done.
    init(forAgent error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as ParticipationError: self.init(forAgent: error)
        case let error as StoreError: self.init(forAgent: error)
        case let error as FieldError:
            self.init(error)
            members.append(.init("code", .string(Code.invalid.rawValue)))
        default: self.init(.internalServerError)
        }
    }

    init(forAgent error: ParticipationError) {
        switch error {
        case .notParticipant: self = .notYours
        case .notAccepted:
            self.init(.conflict, .notAccepted, "take the conversation at Genesys first")
        case .ended: self.init(.conflict, .ended, "your part in the conversation has ended")
        case .wrapUpRequired:
            self.init(
                .conflict, .wrapUpRequired, "the queue demands a wrap-up code", field: "wrap_up")
        case .loggedOut: self = .signedOut("the login at Genesys has ended: sign in again")
        case .notPermitted(let words): self.init(.forbidden, .notPermitted, words)
        case .refused(let words): self.init(.unprocessableContent, .refused, words)
        case .unavailable:
            self = .unavailable("Genesys does not answer", after: .seconds(5))
        case .uncertain:
            // Without a `Retry-After`: nothing is to repeat it by itself.
            self.init(
                .badGateway, .mailUncertain,
                "the mail may have been started: look at Genesys before you start another")
        }
    }

    init(forAgent error: StoreError) {
        switch error {
        case .notFound: self = .notYours
        case .notAllowed(let reason): self.init(.conflict, .refused, reason)
        case .noRoom(let reason): self.init(.conflict, .draftFull, reason)
        case .wroteAgain(let newest):
            self.init(.conflict, .wroteAgain, "the customer wrote again")
            members.append(.init("newest", .string(newest.description)))
        case .conflict, .stale, .boundElsewhere: self.init(.conflict, .refused, "\(error)")
        case .unavailable: self = .unavailable("the bridge cannot write now")
        }
    }

    /// Why somebody may not do something in a thread.
    init(_ obstacle: ThreadAccess.Obstacle?) {
        switch obstacle {
        case .alerting: self.init(forAgent: ParticipationError.notAccepted)
        case .ended, .handedOn: self.init(forAgent: ParticipationError.ended)
        case .onlooker, nil:
            self.init(.forbidden, .notPermitted, "this is not yours to do here")
        }
    }
}
