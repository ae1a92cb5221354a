import Outbox

/// What is asked of Genesys once for all who want it meanwhile, and kept for a while.
actor Loads<Value: Sendable> {
    typealias Answer = Result<Value, ParticipationError>

    private let lifetime: Duration
    private let environment: Environment
    private var answers: ExpiringValues<String, Answer>
    private var running: [String: Task<Answer, Never>] = [:]

    init(lifetime: Duration, capacity: Int, environment: Environment) {
        self.lifetime = lifetime
        self.environment = environment
        answers = ExpiringValues(most: capacity)
    }

    /// Goes on if whoever asked first leaves.
    ///
    /// What Genesys refuses is kept as well: it would be asked with every letter of a search.
    func value(
        of key: String,
        _ load: @escaping @Sendable () async throws(ParticipationError) -> Value
    ) async throws(ParticipationError) -> Value {
        if let kept = answers.value(of: key, at: environment.uptime()) { return try kept.get() }
        if let task = running[key] { return try await task.value.get() }
        let task = Task { () async -> Answer in
            do throws(ParticipationError) {
                return .success(try await load())
            } catch {
                return .failure(error)
            }
        }
        running[key] = task
        let answer = await task.value
        running[key] = nil
        switch answer {
        case .success, .failure(.notPermitted):
            answers.keep(answer, of: key, for: lifetime, at: environment.uptime())
        case .failure: break
        }
        return try answer.get()
    }
}
