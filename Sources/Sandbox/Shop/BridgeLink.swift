import Foundation

extension Sandbox {
    /// Where the demo shop posts its messages, and what both sides sign with.
    public struct BridgeLink: Sendable {
        /// Why a bridge cannot be posted to.
        public enum Mistake: Error, Equatable {
            /// It is no `http://host:port`; TLS the demo shop does not speak.
            case address(String)
            /// It is not `whsec_` and the Base64 of 24 to 64 bytes.
            case secret
        }

        /// The bridge as it was given, for a person to read.
        public let bridge: String
        let host: String
        let port: Int
        let secret: WebhookKey
        let callbackSecret: WebhookKey

        /// - Parameters:
        ///   - bridge: the public face of the bridge, as in `http://127.0.0.1:8080`.
        ///   - secret: the secret that the shop's messages are signed with.
        ///   - callbackSecret: the one that the bridge's callbacks are signed with, else the same.
        public init(
            bridge: String, secret: String, callbackSecret: String? = nil
        ) throws(Mistake) {
            guard let url = URLComponents(string: bridge), url.scheme == "http",
                let host = url.host, !host.isEmpty, ["", "/"].contains(url.path),
                url.query == nil
            else { throw .address(bridge) }
            guard let key = WebhookKey(secret),
                let callbackKey = WebhookKey(callbackSecret ?? secret)
            else { throw .secret }
            self.bridge = bridge
            self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
            port = url.port ?? 80
            self.secret = key
            self.callbackSecret = callbackKey
        }
    }
}
