import Foundation
import Sandbox
import Testing

/// A browser at the sandbox's login: keeps its cookies, and follows no redirect by itself.
final class Browser {
    static let callback = "http://127.0.0.1:8080/widget/callback"
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    let sandbox: Sandbox
    private(set) var cookies: [Substring: Substring] = [:]

    init(_ sandbox: Sandbox) {
        self.sandbox = sandbox
    }

    /// The address of the login, as a client with PKCE asks for it.
    static func login(_ change: (inout [String: String]) -> Void = { _ in }) -> String {
        var query = [
            "response_type": "code", "client_id": "demo-widget", "redirect_uri": callback,
            "state": "s t&1", "code_challenge": challenge, "code_challenge_method": "S256",
        ]
        change(&query)
        let unreserved = CharacterSet(charactersIn: "-._~").union(.alphanumerics)
        let pairs = query.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "")"
        }
        return "/oauth/authorize?" + pairs.joined(separator: "&")
    }

    func get(_ path: String) async throws -> ReceivedAnswer {
        try await call("GET", path, nil)
    }

    /// Posts JSON, as the desk's page does.
    func post(_ path: String, json: String) async throws -> ReceivedAnswer {
        try await call("POST", path, json, type: "application/json")
    }

    func post(_ path: String, _ form: String) async throws -> ReceivedAnswer {
        try await call("POST", path, form)
    }

    /// Logs in, and returns what the client is brought.
    func code(
        ofAgent agent: String = SandboxTests.sam, _ path: String = Browser.login()
    ) async throws -> String {
        let answer = try await post(path, "agent=\(agent)")
        return try #require(answer.parameters["code"])
    }

    private func call(
        _ method: String, _ path: String, _ body: String?,
        type: String = "application/x-www-form-urlencoded"
    ) async throws -> ReceivedAnswer {
        var headers = ["Content-Type": type, "Host": "localhost:8090"]
        headers["Cookie"] = cookies.map { "\($0)=\($1)" }.joined(separator: "; ")
        let answer = try await sandbox.call(method, path, headers: headers, body: body)
        for set in answer.headers["set-cookie"]?.split(separator: "\n") ?? [] {
            let pair = set.prefix { $0 != ";" }.split(separator: "=")
            cookies[pair[0]] = pair.count == 2 ? pair[1] : nil
        }
        return answer
    }
}

extension ReceivedAnswer {
    /// The query of the address that a redirect leads to.
    var parameters: [String: String] {
        let items = headers["location"].flatMap(URLComponents.init(string:))?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }
}

extension Sandbox {
    /// Exchanges a code as the client that both the secret and the verifier are of, unless told otherwise.
    func exchange(
        _ code: String, client: String = "demo-widget", secret: String? = "demo-widget-secret",
        redirectURI: String = Browser.callback, verifier: String? = Browser.verifier
    ) async throws -> ReceivedAnswer {
        var form = [
            "grant_type=authorization_code", "code=\(code)", "redirect_uri=\(redirectURI)",
            "client_id=\(client)",
        ]
        if let verifier {
            form.append("code_verifier=\(verifier)")
        }
        var headers = ["Content-Type": "application/x-www-form-urlencoded"]
        if let secret {
            let basic = Data("\(client):\(secret)".utf8).base64EncodedString()
            headers["Authorization"] = "Basic \(basic)"
        }
        return try await call(
            "POST", "/oauth/token", headers: headers, body: form.joined(separator: "&"))
    }
}
