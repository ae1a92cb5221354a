import CurlTransport
import ExactJSON
import Outbox

/// The client's token: fetched once for all who ask, and renewed before it expires.
///
/// Every token has a rate limit of its own at Genesys, so one is never fetched for a single call.
actor AccessToken {
    private struct Token {
        var value: String
        /// From then on it is used no more.
        var renewAt: Duration
    }

    private let endpoint: TokenEndpoint
    private let clientID: String
    private let clientSecret: String
    private let environment: Environment
    private var token: Token?
    private var fetching: Task<Result<Token, CallError>, Never>?

    init(
        endpoint: TokenEndpoint, clientID: String, clientSecret: String, environment: Environment
    ) {
        self.endpoint = endpoint
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.environment = environment
    }

    func value() async throws(CallError) -> String {
        if let token, environment.uptime() < token.renewAt { return token.value }
        let task = fetching ?? Task { await fetch() }
        fetching = task
        let result = await task.value
        if fetching == task {
            fetching = nil
            token = try? result.get()
        }
        return try result.get().value
    }

    /// Throws that token away; a newer one stays.
    func discard(_ value: String) {
        if token?.value == value { token = nil }
    }

    private func fetch() async -> Result<Token, CallError> {
        do throws(TransportError) {
            return read(
                try await endpoint.request(
                    [("grant_type", "client_credentials")], clientID: clientID,
                    secret: clientSecret))
        } catch {
            // A token that was made and lost does no harm.
            return .failure(.unreachable("login host: \(error.reason)"))
        }
    }

    private func read(_ response: TransportResponse) -> Result<Token, CallError> {
        let body = try? JSON(parsing: response.body)
        switch response.status {
        case 200:
            guard let (value, lifetime) = TokenEndpoint.grant(body) else {
                return .failure(.unreachable("the login host answered 200 without an access_token"))
            }
            // Ahead by a minute, or by a tenth of a short lifetime.
            let ahead = min(.seconds(60), lifetime / 10)
            return .success(
                Token(value: value, renewAt: environment.uptime() + lifetime - ahead))
        case 400, 401, 403:
            // Genesys answers a wrong client with 400; what it says names neither id nor secret.
            return .failure(
                .unauthorized(
                    "the login host refuses the client (\(response.status): "
                        + "\(TokenEndpoint.words(body))); check genesys.clientID, "
                        + "genesys.clientSecret and genesys.region"))
        default:
            return .failure(.unreachable("the login host answered \(response.status)"))
        }
    }
}
