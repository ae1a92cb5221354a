import Foundation
import HTTPTypes

/// What `POST /oauth/token` answers.
struct AccessToken: Encodable {
    let access_token: String
    let token_type: String
    let expires_in: Int
}

/// A login that asks for a token by client id and secret.
struct ClientCredentialsGrant {
    /// The id of the client, which has shown its secret.
    let client: String

    init(_ call: Call, clients: [Sandbox.Client]) throws(LoginError) {
        guard call.method == .post else { throw .methodNotAllowed }
        guard call.hasContentType("application/x-www-form-urlencoded") else {
            throw .invalidRequest("the body must be application/x-www-form-urlencoded")
        }
        var form = URLComponents()
        form.percentEncodedQuery = String(decoding: call.body, as: UTF8.self)
        guard let grant = form.queryItems?.first(where: { $0.name == "grant_type" })?.value else {
            throw .invalidRequest("grant_type is missing")
        }
        guard grant == "client_credentials" else { throw .unsupportedGrant }
        guard let basic = call.credentials("basic").flatMap({ Data(base64Encoded: $0) }) else {
            throw .invalidClient("client not found")
        }
        let pair = String(decoding: basic, as: UTF8.self)
            .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let client = clients.first(where: { $0.id == pair[0] }) else {
            throw .invalidClient("client not found")
        }
        guard pair.count == 2, pair[1] == client.secret else {
            throw .invalidClient("authentication failed")
        }
        self.client = client.id
    }
}

/// A refused login, in the login host's own shape.
enum LoginError: Error {
    case invalidRequest(String)
    case invalidClient(String)
    case unsupportedGrant
    case methodNotAllowed

    func answer(badClientStatus: Int) -> Answer {
        switch self {
        case .invalidRequest(let text):
            Self.answer(400, "invalid_request", text)
        case .invalidClient(let text):
            Self.answer(badClientStatus, "invalid_client", text)
        case .unsupportedGrant:
            Self.answer(400, "unsupported_grant_type", "the grant type is not supported")
        case .methodNotAllowed:
            Self.answer(405, "invalid_request", "only POST is allowed", allow: "POST")
        }
    }

    static func answer(
        _ status: Int, _ error: String, _ text: String, allow: String? = nil
    ) -> Answer {
        var answer = Answer.json(
            Body(error: error, description: text, error_description: text),
            status: .init(code: status))
        answer.headers[.allow] = allow
        return answer
    }

    private struct Body: Encodable {
        let error: String
        let description: String
        let error_description: String
    }
}
