import Outbox

/// What agents are to conversations, by Genesys' word to their own logins, which holds for a short while.
actor Access {
    /// What Genesys is asked about.
    enum Subject: Hashable, Sendable {
        case conversation(String)
        /// For a thread without a conversation: who will see it once it is in that queue is an onlooker.
        case queue(String)
    }

    /// For how long it holds that somebody has, or had, a conversation.
    static let age = Duration.seconds(30)
    /// For how long all else holds: who is offered a conversation may take it at any moment.
    static let shortAge = Duration.seconds(2)

    private typealias Answer = Result<AgentPart, ParticipationError>

    private struct Pair: Hashable {
        let session: [UInt8]
        let subject: Subject
    }

    private let services: any Oversight & Participation
    private let uptime: @Sendable () -> Duration
    private var answers = ExpiringValues<Pair, Answer>(most: 10_000)
    private var questions: [Pair: Task<Answer, Never>] = [:]
    private var sights = ExpiringValues<Sight, Set<String>>(most: 10_000)

    private struct Sight: Hashable {
        let session: [UInt8]
        let conversations: [String]
    }

    init(_ services: any Oversight & Participation, uptime: @escaping @Sendable () -> Duration) {
        self.services = services
        self.uptime = uptime
    }

    /// - Parameter anew: only an answer to a question that begins from now on will do.
    func part(
        of session: Session, in subject: Subject, anew: Bool = false
    ) async throws(ParticipationError) -> AgentPart {
        let pair = Pair(session: session.key, subject: subject)
        if let question = questions[pair] {
            let answer = await question.value
            guard anew else { return try answer.get() }
            // Another one began after this call did.
            if let next = questions[pair], next != question { return try await next.value.get() }
        } else if !anew, let kept = answers.value(of: pair, at: uptime()) {
            return try kept.get()
        }
        return try await ask(pair, session).get()
    }

    /// Has Genesys asked again the next time, because something has happened.
    func forget(_ session: Session, _ subject: Subject) {
        let pair = Pair(session: session.key, subject: subject)
        answers.forget(pair)
        questions[pair] = nil
    }

    /// Which of these conversations Genesys shows them; none, where their role shows no list.
    func shown(
        _ conversations: [String], to session: Session
    ) async throws(ParticipationError) -> Set<String> {
        let sight = Sight(session: session.key, conversations: conversations)
        if let kept = sights.value(of: sight, at: uptime()) { return kept }
        var shown: Set<String> = []
        do throws(ParticipationError) {
            shown = try await services.visible(conversations, to: session.access)
        } catch {
            guard case .notPermitted = error else { throw error }
        }
        sights.keep(shown, of: sight, for: Self.age, at: uptime())
        return shown
    }

    private func ask(_ pair: Pair, _ session: Session) async -> Answer {
        let question = Task { [services] in
            do throws(ParticipationError) {
                return Answer.success(
                    try await services.part(of: session.access, in: pair.subject))
            } catch {
                return .failure(error)
            }
        }
        questions[pair] = question
        let answer = await question.value
        // Of no use to others where it was forgotten meanwhile.
        if questions[pair] == question {
            questions[pair] = nil
            keep(answer, pair)
        }
        return answer
    }

    private func keep(_ answer: Answer, _ pair: Pair) {
        answers.forget(pair)
        let age: Duration
        switch answer {
        case .success(let part):
            age = part.kind == .connected || part.kind == .ended ? Self.age : Self.shortAge
        case .failure(.notParticipant), .failure(.notPermitted): age = Self.shortAge
        case .failure: return
        }
        answers.keep(answer, of: pair, for: age, at: uptime())
    }
}

extension Oversight where Self: Participation {
    fileprivate func part(
        of agent: AgentAccess, in subject: Access.Subject
    ) async throws(ParticipationError) -> AgentPart {
        switch subject {
        case .conversation(let id): try await part(of: agent, in: id)
        case .queue(let id): try await part(of: agent, atQueue: id)
        }
    }
}
