import Foundation
import HTTPTypes

/// What `POST /oauth/token` answers.
struct AccessToken: Encodable {
    let access_token: String
    let token_type: String
    let expires_in: Int
}

/// What a login asks a token for.
enum Grant {
    /// A client calls for itself; it has shown its secret.
    case client(String)
    /// A client brings the code of an agent.
    case code(CodeGrant)

    init(_ call: Call, settings: Sandbox.Settings) throws(LoginError) {
        guard call.method == .post else { throw .methodNotAllowed }
        guard let form = call.form else {
            throw .invalidRequest("the body must be application/x-www-form-urlencoded")
        }
        switch form["grant_type"] {
        case "client_credentials":
            let secrets = settings.clients.map { ($0.id, $0.secret) }
            guard let client = try call.basicClient(of: secrets) else {
                throw .invalidClient("client not found")
            }
            self = .client(client)
        case "authorization_code":
            self = .code(try CodeGrant(call, form, clients: settings.codeClients))
        case nil:
            throw .invalidRequest("grant_type is missing")
        default:
            throw .unsupportedGrant
        }
    }
}

/// The code of an agent's login, as a client brings it.
struct CodeGrant {
    let client: String
    let code: String
    let redirectURI: String
    let verifier: String?
    /// Whether the client has shown its secret.
    let isConfidential: Bool

    init(
        _ call: Call, _ form: [String: String], clients: [Sandbox.CodeClient]
    ) throws(LoginError) {
        let basic = try call.basicClient(of: clients.map { ($0.id, $0.secret) })
        guard let client = basic ?? form["client_id"], clients.contains(where: { $0.id == client }),
            [nil, client].contains(form["client_id"])
        else { throw .invalidClient("client not found") }
        guard let code = form["code"], let redirectURI = form["redirect_uri"] else {
            throw .invalidRequest("code and redirect_uri are needed")
        }
        self.client = client
        self.code = code
        self.redirectURI = redirectURI
        verifier = form["code_verifier"]
        isConfidential = basic != nil
    }
}

extension Call {
    /// The client that shows its secret, one of those; `nil` if none is shown.
    fileprivate func basicClient(
        of secrets: [(id: String, secret: String)]
    ) throws(LoginError) -> String? {
        guard let basic = credentials("basic") else { return nil }
        guard let bytes = Data(base64Encoded: basic) else {
            throw .invalidClient("client not found")
        }
        let pair = String(decoding: bytes, as: UTF8.self)
            .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let client = secrets.first(where: { $0.id == pair[0] }) else {
            throw .invalidClient("client not found")
        }
        guard pair.count == 2, pair[1] == client.secret else {
            throw .invalidClient("authentication failed")
        }
        return client.id
    }
}

/// A refused login, in the login host's own shape.
enum LoginError: Error {
    case invalidRequest(String)
    case invalidClient(String)
    case invalidGrant
    case unsupportedGrant
    case methodNotAllowed

    func answer(badClientStatus: Int) -> Answer {
        switch self {
        case .invalidRequest(let text):
            Self.answer(400, "invalid_request", text)
        case .invalidClient(let text):
            Self.answer(badClientStatus, "invalid_client", text)
        case .invalidGrant:
            Self.answer(400, "invalid_grant", "the code is not valid, or not for this client")
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
