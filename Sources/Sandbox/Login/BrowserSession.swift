import Foundation
import HTTPTypes

/// What a browser keeps of an agent's login, each in a cookie of its own.
enum BrowserSession: String, CaseIterable {
    /// That of the login itself, which lets the next one pass silently.
    case login = "sandbox-login"
    /// That of the desk, which stays an agent's when somebody else logs in.
    case desk = "sandbox-desk"

    private var path: String {
        self == .desk ? "/desk" : "/"
    }

    /// A frame of another site leads to the login, which counts as a call of that site's.
    ///
    /// A browser takes such a cookie without encryption from this machine alone.
    private var sameSite: String {
        self == .desk ? "SameSite=Lax" : "SameSite=None; Secure"
    }

    /// The cookie; without a value, the end of it.
    func cookie(_ value: String?) -> String {
        let end = value == nil ? " Max-Age=0;" : ""
        return "\(rawValue)=\(value ?? ""); Path=\(path);\(end) HttpOnly; \(sameSite)"
    }
}

extension Organization {
    /// The agent who has logged in with the browser that calls.
    func agent(of session: BrowserSession, _ call: Call) -> Sandbox.Agent? {
        guard let id = call.cookie(session.rawValue).flatMap({ sessions[$0] }) else { return nil }
        return settings.agents.first { $0.id == id }
    }

    /// Lets the browser be that agent's from now on.
    func start(
        _ kinds: [BrowserSession], of agent: Sandbox.Agent, _ answer: Answer
    ) -> Answer {
        var answer = answer
        for kind in kinds {
            let secret = Self.secret()
            sessions[secret] = agent.id
            answer.headers.append(HTTPField(name: .setCookie, value: kind.cookie(secret)))
        }
        return answer
    }

    /// Lets the browser be nobody's.
    func endSessions(_ call: Call, _ answer: Answer) -> Answer {
        var answer = answer
        for kind in BrowserSession.allCases {
            call.cookie(kind.rawValue).map { sessions[$0] = nil }
            answer.headers.append(HTTPField(name: .setCookie, value: kind.cookie(nil)))
        }
        return answer
    }
}

extension Call {
    fileprivate func cookie(_ name: String) -> String? {
        let pairs = headers[values: .cookie].flatMap { $0.split(separator: ";") }
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name {
                return String(parts[1])
            }
        }
        return nil
    }
}
