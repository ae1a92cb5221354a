import CurlTransport
import ExactJSON
public import Logging
public import Outbox

/// What agents' own logins are used for: to log in, and for calls with their tokens.
///
/// Each token has a rate limit of its own, so that these calls wait for no slot of the bridge's; over connections
/// of their own neither do they wait for the bridge's calls, nor these for them.
public struct AgentDesk: Sendable {
    let client: GenesysClient
    let widget: WidgetClient
    /// Of the bridge's own client, which never leaves it.
    let organization: Cache<String>
    /// Of a login and a queue.
    let replies: Loads<[QuickReply]>
    /// Of an agent and a permission.
    let divisions: Cache<Divisions>
    /// That Genesys was last said to be asked in vain.
    private let warned: Cache<Bool>
    private let logger: Logger
    /// Of a path, as the bridge's own client reads it.
    private let settings: Loads<JSON>

    /// - Parameters:
    ///   - client: whose endpoints and connections are used, and which counts the calls; give it connections that
    ///     no delivery needs. It reads the set-up of queues where an agent may not.
    ///   - widget: whom agents log in with.
    public init(
        client: GenesysClient, widget: WidgetClient, environment: Environment = .live,
        logger: Logger
    ) {
        self.client = client
        self.widget = widget
        organization = Cache(lifetime: .seconds(86_400), capacity: 1, environment: environment)
        replies = Loads(lifetime: .seconds(60), capacity: 200, environment: environment)
        divisions = Cache(lifetime: .seconds(30), capacity: 1_000, environment: environment)
        warned = Cache(lifetime: .seconds(3600), capacity: 1, environment: environment)
        self.logger = logger
        settings = Loads(lifetime: .seconds(600), capacity: 200, environment: environment)
    }

    /// - Returns: an answer of success.
    func call(
        _ agent: AgentAccess, _ method: String, _ path: String, _ body: JSON? = nil
    ) async throws(ParticipationError) -> Answer {
        let answer: Answer
        do {
            answer = try await ask(agent, method, path, body)
        } catch {
            throw .unavailable(error.reason)
        }
        guard (200..<300).contains(answer.status) else { throw ParticipationError(answer) }
        return answer
    }

    /// - Returns: an answer of any status.
    func ask(
        _ agent: AgentAccess, _ method: String, _ path: String, _ body: JSON? = nil
    ) async throws(TransportError) -> Answer {
        Answer(try await client.exchange(.agent, method, path, body, token: agent.token))
    }

    /// Tells the operator, once an hour, why supervisors see and may do less than their roles allow.
    func warnOfScope(_ reason: String) {
        guard warned["scope"] == nil else { return }
        warned.keep(true, for: "scope")
        logger.warning(
            """
            Genesys does not say where supervisors' permissions hold: give the agents' OAuth client the scope \
            authorization:readonly
            """, metadata: ["reason": "\(reason)"])
    }

    /// Reads how a queue or a route is set up, which many roles of agents may not.
    func settings(
        _ path: String, as agent: AgentAccess
    ) async throws(ParticipationError) -> JSON {
        do throws(ParticipationError) {
            return try await call(agent, "GET", path).body ?? .null
        } catch .notPermitted, .notParticipant {
            return try await settings.value(of: path) { () throws(ParticipationError) in
                try await settings(path)
            }
        }
    }

    /// As the bridge's own client reads it.
    private func settings(_ path: String) async throws(ParticipationError) -> JSON {
        let answer: Answer
        do throws(CallError) {
            answer = try await client.callAnyway(.account, "GET", path)
        } catch {
            throw .unavailable(error.reason)
        }
        if answer.status == 404 { throw .refused(answer.complaint) }
        guard answer.status == 200 else { throw ParticipationError(answer) }
        return answer.body ?? .null
    }
}

extension ParticipationError {
    init(_ answer: Answer) {
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
