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

    /// The target up to its query.
    var path: Substring {
        target.prefix { $0 != "?" }
    }

    /// The value of the first query parameter of that name.
    func query(_ name: String) -> String? {
        URLComponents(string: target)?.queryItems?.first { $0.name == name }?.value
    }

    /// What faults call this kind of call.
    var kind: Sandbox.Fault.Target? {
        if path == "/oauth/token" { return .token }
        guard path.hasPrefix("/api/") else { return nil }
        if method == .get { return .read }
        return method == .post && path == "/api/v2/conversations/emails" ? .create : nil
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
