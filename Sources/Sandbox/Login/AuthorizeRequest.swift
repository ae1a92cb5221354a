import Foundation
import HTTPTypes

/// What `/oauth/authorize` is asked for, once it is known where the answer may go.
struct AuthorizeRequest {
    let client: String
    let redirectURI: String
    let state: String?
    let responseType: String?
    let challenge: String?
    let challengeMethod: String?
    let prompt: String?
    /// Who is to be asked first.
    let hint: String?

    /// `nil` if there is no such client, or it is none of the client's addresses.
    init?(_ call: Call, clients: [Sandbox.CodeClient]) {
        guard let client = clients.first(where: { $0.id == call.query("client_id") }),
            let uri = call.query("redirect_uri"), client.mayRedirect(to: uri)
        else { return nil }
        self.client = client.id
        redirectURI = uri
        state = call.query("state")
        responseType = call.query("response_type")
        challenge = call.query("code_challenge")
        challengeMethod = call.query("code_challenge_method")
        prompt = call.query("prompt")
        hint = call.query("login_hint")
    }

    /// What is wrong with it, as the redirect says it.
    var mistake: (error: String, description: String)? {
        guard responseType == "code" else {
            return ("unsupported_response_type", "response_type has to be code")
        }
        guard challenge != nil || challengeMethod != nil else { return nil }
        guard challengeMethod == "S256", let challenge, challenge.utf8.count == 43 else {
            return ("invalid_request", "code_challenge has to be a SHA-256 by the method S256")
        }
        return nil
    }

    /// On to the client, with those parameters and the state.
    func redirect(_ parameters: [(String, String)]) -> Answer {
        var pairs = parameters
        if let state {
            pairs.append(("state", state))
        }
        let query = pairs.map { "\($0)=\($1.queryEscaped)" }.joined(separator: "&")
        return .redirect(to: "\(redirectURI)?\(query)")
    }
}

extension Answer {
    /// On to there; nothing of it is to be kept.
    static func redirect(to location: String, status: HTTPResponse.Status = .found) -> Answer {
        var answer = Answer(status: status, type: "text/plain", body: Data())
        answer.headers[.location] = location
        answer.headers[.cacheControl] = "no-store"
        return answer
    }
}

extension String {
    /// All but the unreserved characters percent-encoded.
    var queryEscaped: String {
        let unreserved = CharacterSet(charactersIn: "-._~").union(.alphanumerics)
        return addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    /// Fit to stand in HTML, in an attribute too.
    var htmlEscaped: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }
}
