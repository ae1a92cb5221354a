import CurlTransport
import ExactJSON
import FoundationEssentials
import Outbox

/// Where the login host hands out tokens.
struct TokenEndpoint: Sendable {
    private let url: String
    private let transport: CurlTransport

    init(_ endpoints: Endpoints, transport: CurlTransport) {
        url = endpoints.login + "/oauth/token"
        self.transport = transport
    }

    /// - Parameter secret: sent as Basic authorization; a client without one names itself in the form.
    func request(
        _ form: [(String, String)], clientID: String, secret: String?
    ) async throws(TransportError) -> TransportResponse {
        var form = form
        var headers = [
            ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"),
        ]
        if let secret {
            let basic = Data("\(clientID):\(secret)".utf8).base64EncodedString()
            headers.append(("Authorization", "Basic \(basic)"))
        } else {
            form.append(("client_id", clientID))
        }
        return try await transport.send(
            TransportRequest(
                method: "POST", url: url, headers: headers, body: Array(form.percentEncoded.utf8)))
    }

    /// The longest that Genesys lets a client's tokens live, 450 days, in seconds.
    private static let longest = 38_880_000

    /// Of an answer of success; `nil` without a token.
    static func grant(_ body: JSON?) -> (token: String, lifetime: Duration)? {
        guard let token = body?["access_token"]?.string, !token.isEmpty else { return nil }
        let seconds = body?["expires_in"]?.integer ?? 300
        return (token, .seconds(min(max(0, seconds), longest)))
    }

    /// Why it refused, in its own words, cut short; unless it repeats what nobody is to see.
    static func words(_ body: JSON?, hiding secrets: [String] = []) -> String {
        let said = body?["error_description"]?.string ?? body?["error"]?.string ?? "no reason"
        let isTold = secrets.contains { !$0.isEmpty && said.utf8.firstRange(of: $0.utf8) != nil }
        return isTold ? "no reason" : String(said.prefix(200))
    }
}

extension [(String, String)] {
    /// For a query, or the body of a form.
    var percentEncoded: String {
        map { "\($0.0)=\($0.1.percentEncoded)" }.joined(separator: "&")
    }
}
