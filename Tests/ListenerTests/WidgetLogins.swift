import Crypto
import Foundation
import Outbox
import Synchronization

/// Genesys as far as logins go: it hands out codes, takes each once, and only with the verifier it was made for.
final class WidgetLogins: AgentServices {
    static let agent = Agent(id: "a1", name: "Sam Carter")

    private struct State {
        var codes: [String: (challenge: String, redirect: String)] = [:]
        var failure: LoginError?
        var permissions: Set<String> = []
        var issued = 0
        var takenBack: [String] = []
        var exchanges = 0
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// The next logins end so.
    func fail(with error: LoginError?) { state.withLock { $0.failure = error } }

    /// What the next agents' roles allow.
    func allow(_ permissions: Set<String>) { state.withLock { $0.permissions = permissions } }

    /// How many codes it was asked to take.
    var exchanges: Int { state.withLock { $0.exchanges } }

    /// The next logins wait.
    func hold() { state.withLock { $0.isHolding = true } }

    func release() {
        let held = state.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for login in held { login.resume() }
    }

    private func pass() async {
        await withCheckedContinuation { login in
            let passes = state.withLock { state in
                state.exchanges += 1
                if state.isHolding { state.held.append(login) }
                return !state.isHolding
            }
            if passes { login.resume() }
        }
    }

    /// The tokens that were taken back.
    var takenBack: [String] { state.withLock { $0.takenBack } }

    /// The agent agrees: what the browser comes back with to the address it was sent to.
    func agree(to address: String) throws -> (code: String, state: String) {
        let items = URLComponents(string: address)?.queryItems ?? []
        let query = Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0.value ?? "") })
        let code = UUID().uuidString
        guard let given = query["state"], let challenge = query["challenge"],
            let redirect = query["redirect"]
        else { throw CancellationError() }
        state.withLock { $0.codes[code] = (challenge, redirect) }
        return (code, given)
    }

    func address(state: String, challenge: String, redirect: String) -> String {
        "https://login.example.com/oauth/authorize?state=\(state)&challenge=\(challenge)"
            + "&redirect=\(redirect)"
    }

    func logIn(
        code: String, verifier: String, redirect: String
    ) async throws(LoginError) -> Login {
        await pass()
        let challenge = Data(SHA256.hash(data: Data(verifier.utf8))).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        let result: Result<Login, LoginError> = state.withLock { state in
            if let failure = state.failure { return .failure(failure) }
            guard let known = state.codes.removeValue(forKey: code),
                known == (challenge, redirect)
            else { return .failure(.refused("invalid_grant")) }
            state.issued += 1
            return .success(
                Login(
                    access: AgentAccess(
                        agent: Self.agent, token: "genesys-token-\(state.issued)",
                        permissions: state.permissions), lifetime: .seconds(3600)))
        }
        return try result.get()
    }

    func logOut(_ agent: AgentAccess) async {
        state.withLock { $0.takenBack.append(agent.token) }
    }
}

/// What has nothing to do with logins does not answer.
extension WidgetLogins {
    private var away: ParticipationError { .unavailable("not asked for here") }

    func part(
        of agent: AgentAccess, in conversation: String
    ) async throws(ParticipationError) -> AgentPart { throw away }
    func wrapUpCodes(
        of conversation: String, as agent: AgentAccess
    ) async throws(ParticipationError) -> [WrapUp] { throw away }
    func finish(
        _ conversation: String, as agent: AgentAccess, wrapUp: WrapUp?
    ) async throws(ParticipationError) { throw away }
    func replies(
        in queue: Queue?, matching text: String, as agent: AgentAccess
    ) async throws(ParticipationError) -> [QuickReply] { throw away }
    func address(
        of queue: Queue, as agent: AgentAccess
    ) async throws(ParticipationError) -> String? { throw away }
    func start(
        _ mail: OutgoingMail, as agent: AgentAccess
    ) async throws(ParticipationError) -> String { throw away }
    func visible(
        _ conversations: [String], to agent: AgentAccess
    ) async throws(ParticipationError) -> Set<String> { throw away }
    func part(
        of agent: AgentAccess, atQueue queue: String
    ) async throws(ParticipationError) -> AgentPart { throw away }
}
