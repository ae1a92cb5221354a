import Outbox

/// The mails that agents have started lately: the same one twice is one mail, with one answer.
///
/// Genesys cannot be asked for the same one again, so that this is known here, and in memory alone: after a
/// restart a repeat is a mail of its own. The page therefore repeats none by itself.
actor StartedMails {
    struct Name: Hashable, Sendable {
        let thread: ThreadName
        /// The agent's id.
        let agent: String
        /// Chosen by the agent's page for this mail.
        let key: String
    }

    static let lifetime = Duration.seconds(600)
    static let most = 1000

    private typealias Outcome = Result<String, ParticipationError>

    private let environment: Environment
    private var mails: [Name: (start: Task<Outcome, Never>, until: Duration)] = [:]

    init(_ environment: Environment) {
        self.environment = environment
    }

    /// Starts a mail, or waits for the one of that name and gives what came of it.
    ///
    /// It goes on if the caller leaves.
    /// - Returns: the conversation.
    /// - Throws: as `QueueMail.start`: what was `uncertain` stays so; what surely was not started may be again.
    ///   `unavailable` where there are too many to know them all.
    func start(
        _ name: Name,
        _ mail: @escaping @Sendable () async throws(ParticipationError) -> String
    ) async throws(ParticipationError) -> String {
        if let known = mails[name], environment.uptime() < known.until {
            return try await known.start.value.get()
        }
        let now = environment.uptime()
        mails = mails.filter { now < $0.value.until }
        guard mails.count < Self.most else {
            throw .unavailable("too many mails were started lately")
        }
        let start = Task { () async -> Outcome in
            do throws(ParticipationError) {
                return .success(try await mail())
            } catch {
                return .failure(error)
            }
        }
        mails[name] = (start, now + Self.lifetime)
        let outcome = await start.value
        switch outcome {
        case .success, .failure(.uncertain): break
        case .failure: mails[name] = nil
        }
        return try outcome.get()
    }
}
