import Foundation
import HTTPTypes

/// One request, read to its end.
struct Call: Sendable {
    /// Bytes of a body that the platform takes, `request.bytes.max`.
    static let maximumBody = 512_000

    let method: HTTPRequest.Method
    /// The path with its query, as it came.
    let target: String
    let headers: HTTPFields
    var body: Data
    /// The number of the connection it came on.
    let connection: Int
    /// The host and port that it was sent to, as the client knows them.
    var host: String?

    /// The target up to its query.
    var path: Substring {
        target.prefix { $0 != "?" }
    }

    /// The value of the first query parameter of that name.
    func query(_ name: String) -> String? {
        URLComponents(string: target)?.queryItems?.first { $0.name == name }?.value
    }

    /// What faults and the journal call this kind of call.
    var kind: Sandbox.Fault.Target? {
        if path == "/oauth/token" { return .token }
        guard path.hasPrefix("/api/") else { return nil }
        switch (method, path) {
        case (.get, _): return .read
        case (.post, "/api/v2/conversations/emails"): return .create
        case (.post, "/api/v2/analytics/conversations/details/query"): return .lookUp
        case (.post, "/api/v2/conversations/participants/attributes/search"): return .search
        default: break
        }
        guard path.hasPrefix("/api/v2/conversations/") else { return nil }
        switch method {
        case .put where path.hasSuffix("/tags"): return .tag
        case .patch: return .change
        case .post where path.hasSuffix("/disconnect"): return .change
        case .post where path.hasSuffix("/inboundmessages"): return .change
        case .post where path.contains("/participants/"): return .change
        default: return nil
        }
    }

    /// What follows the scheme in the `Authorization` header, if it is that scheme.
    func credentials(_ scheme: String) -> String? {
        guard let parts = headers[.authorization]?.split(separator: " "), parts.count == 2,
            parts[0].lowercased() == scheme
        else { return nil }
        return String(parts[1])
    }

    func hasContentType(_ type: String) -> Bool {
        let given = headers[.contentType]?.prefix { $0 != ";" }
        return given?.trimmingCharacters(in: .whitespaces).lowercased() == type
    }
}
