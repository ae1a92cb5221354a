import HTTPTypes

/// A cookie of the agents' tab.
///
/// The tab stands in a frame of another site, so they are `SameSite=None`, and `Partitioned` because browsers
/// keep others from such frames (CHIPS). `__Host-` lets no other host of the domain set one.
struct Cookie: Sendable {
    let name: String

    /// Tells whether the browser keeps any for us where it shows us.
    static let probe = Cookie(name: "__Host-bridge-probe")
    static let session = Cookie(name: "__Host-bridge-session")

    /// What a login that is under way needs to be finished; each has one, for several tabs may begin at once.
    static func login(_ state: String) -> Cookie {
        Cookie(name: "__Host-bridge-login-\(state.prefix(8))")
    }

    /// - Parameter maxAge: in seconds; `nil` for as long as the browser runs.
    func field(_ value: String, maxAge: Int? = nil) -> HTTPField {
        let age = maxAge.map { "; Max-Age=\($0)" } ?? ""
        return HTTPField(
            name: .setCookie,
            value: "\(name)=\(value); Secure; HttpOnly; Path=/; SameSite=None; Partitioned\(age)")
    }

    /// Has the browser forget it.
    var removal: HTTPField { field("", maxAge: 0) }
}

extension HTTPFields {
    subscript(cookie: Cookie) -> String? {
        guard let pairs = value(.cookie)?.split(separator: ";") else { return nil }
        let start = cookie.name + "="
        return pairs.lazy.map { $0.drop { $0 == " " } }.first { $0.hasPrefix(start) }
            .map { String($0.dropFirst(start.count)) }
    }
}
