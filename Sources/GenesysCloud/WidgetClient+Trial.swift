import CurlTransport
import ExactJSON

extension WidgetClient {
    /// What the login host thinks of a client.
    public enum Standing: Sendable, Equatable {
        /// It knows it, and takes its secret.
        case known
        /// It does not; in its own words.
        case refused(String)
        /// It says something else, or nothing.
        case unclear(String)
    }
}

extension GenesysClient {
    /// Finds out whether agents could log in by a client: with a code that was never given out, so that nobody is.
    ///
    /// A client that is known is told `invalid_grant`, any other `invalid_client` (RFC 6749 §5.2), for which
    /// Genesys' status may be 400 as well as 401. The address that logins lead back to is not looked at.
    public func standing(of widget: WidgetClient, redirect: String) async -> WidgetClient.Standing {
        let form = [
            ("grant_type", "authorization_code"), ("code", "genesys-bridge-check"),
            ("redirect_uri", redirect), ("code_verifier", String(repeating: "0", count: 43)),
        ]
        let response: TransportResponse
        do {
            response = try await tokens.request(form, clientID: widget.id, secret: widget.secret)
        } catch {
            return .unclear("login host: \(error.reason)")
        }
        let body = try? JSON(parsing: response.body)
        switch (response.status, body?["error"]?.string) {
        case (400..<500, "invalid_grant"): return .known
        case (_, "invalid_client"), (401, _): return .refused(TokenEndpoint.words(body))
        default:
            return .unclear(
                "the login host answered \(response.status) (\(TokenEndpoint.words(body)))")
        }
    }
}
