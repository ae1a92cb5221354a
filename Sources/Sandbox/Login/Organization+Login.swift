import Foundation
import HTTPTypes

/// The login of agents at clients of the authorization-code kind.
extension Organization {
    /// `/oauth/authorize`: the page of the login, or at once on to the client that asked.
    func authorize(_ call: Call) -> Answer {
        guard [.get, .head, .post].contains(call.method) else {
            return LoginError.methodNotAllowed.answer(badClientStatus: 405)
        }
        guard let request = AuthorizeRequest(call, clients: settings.codeClients) else {
            return LoginPage.refusal(
                "There is no such client, or its login does not lead to that address.")
        }
        if let error = settings.loginError {
            return request.redirect([
                ("error", error), ("error_description", "The sandbox was told to say so."),
            ])
        }
        if let (error, description) = request.mistake {
            return request.redirect([("error", error), ("error_description", description)])
        }
        if call.method == .post {
            guard let agent = chosenAgent(call) else {
                return LoginPage.refusal("There is no such agent.")
            }
            return start([.login], of: agent, proceed(request, as: agent))
        }
        if let agent = agent(of: .login, call), !settings.loginShowsPage, request.prompt != "login",
            [nil, agent.id].contains(request.hint)
        {
            return proceed(request, as: agent)
        }
        return LoginPage(
            action: call.target, agents: settings.agents, first: request.hint,
            redirectURI: request.redirectURI, refusesFraming: settings.loginRefusesFraming
        ).answer
    }

    /// The agent that a form of the login's page has chosen.
    func chosenAgent(_ call: Call) -> Sandbox.Agent? {
        let id = call.form?["agent"]
        return settings.agents.first { $0.id == id }
    }

    /// Takes a code back that is exchanged, which is then of no use any more, fit or not.
    func redeem(_ grant: CodeGrant) throws(LoginError) -> LoginCode {
        let code = codes.removeValue(forKey: grant.code)
        guard let code, options.now() < code.expires, code.client == grant.client,
            code.redirectURI == grant.redirectURI, code.accepts(verifier: grant.verifier)
        else { throw .invalidGrant }
        // Who shows no secret shows at least that the login was begun there.
        guard grant.isConfidential || code.challenge != nil else {
            throw .invalidClient("authentication failed")
        }
        return code
    }

    static func secret() -> String {
        (UUID().text + UUID().text).filter { $0 != "-" }
    }

    private func proceed(_ request: AuthorizeRequest, as agent: Sandbox.Agent) -> Answer {
        let now = options.now()
        codes = codes.filter { $0.value.expires > now }
        let code = Self.secret()
        codes[code] = LoginCode(
            client: request.client, agent: agent.id, redirectURI: request.redirectURI,
            challenge: request.challenge, expires: now.addingTimeInterval(LoginCode.lifetime))
        return request.redirect([("code", code)])
    }
}

extension Call {
    /// The members of the body, if it is a form; the first of each name.
    var form: [String: String]? {
        guard hasContentType("application/x-www-form-urlencoded") else { return nil }
        let pairs = String(decoding: body, as: UTF8.self).split(separator: "&").compactMap {
            pair -> (String, String)? in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = parts.map { $0.replacing("+", with: " ").removingPercentEncoding }
            guard texts.count == 2, let name = texts[0], let value = texts[1] else { return nil }
            return (name, value)
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
