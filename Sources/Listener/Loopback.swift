import HTTPTypes

/// Guards a face that asks for no credential against the pages in the browser of whoever runs it.
///
/// Such a page can send requests to loopback, by its own name for it too (DNS rebinding); it cannot
/// choose their `Origin` and `Host`.
enum Loopback {
    /// - Throws: `Problem` 403 for a host or an origin that is not loopback.
    static func check(_ fields: HTTPFields, authority: String?) throws(Problem) {
        if let authority, !isLoopback(authority) {
            throw Problem(
                .forbidden, "without a credential, only localhost may be asked", field: "host")
        }
        guard let origin = fields[.origin] else { return }
        let host = ["http://", "https://"].first { origin.hasPrefix($0) }
            .map { String(origin.dropFirst($0.count)) }
        guard let host, isLoopback(host) else {
            throw Problem(
                .forbidden, "without a credential, no page of another site may ask", field: "origin"
            )
        }
    }

    /// Whether a host, with a port or without, is this machine by a name nobody else can give away.
    static func isLoopback(_ authority: String) -> Bool {
        let names =
            /(localhost|\[::1\]|127(\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3})(:[0-9]*)?/
        return authority.lowercased().wholeMatch(of: names) != nil
    }
}
