import HTTPTypes

/// The cookies of the agents' tab.
///
/// It stands in a frame of another site, so they are `SameSite=None`, and `Partitioned` because browsers keep
/// others from such frames (CHIPS). `__Host-` lets no other host of the domain set one.
enum Cookie: String {
    /// Tells whether the browser keeps any for us where it shows us.
    case probe = "__Host-bridge-probe"
    /// What a login that is under way needs to be finished.
    case login = "__Host-bridge-login"
    case session = "__Host-bridge-session"

    /// - Parameter maxAge: in seconds; `nil` for as long as the browser runs.
    func field(_ value: String, maxAge: Int? = nil) -> HTTPField {
        let age = maxAge.map { "; Max-Age=\($0)" } ?? ""
        return HTTPField(
            name: .setCookie,
            value:
                "\(rawValue)=\(value); Secure; HttpOnly; Path=/; SameSite=None; Partitioned\(age)")
    }

    /// Has the browser forget it.
    var removal: HTTPField { field("", maxAge: 0) }
}

extension HTTPFields {
    subscript(cookie: Cookie) -> String? {
        guard let pairs = self[.cookie]?.split(separator: ";") else { return nil }
        let start = cookie.rawValue + "="
        return pairs.lazy.map { $0.drop { $0 == " " } }.first { $0.hasPrefix(start) }
            .map { String($0.dropFirst(start.count)) }
    }
}
