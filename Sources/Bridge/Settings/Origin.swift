import CurlTransport
import Listener

/// Scheme, host and port of a web service, without path: `https://login.mypurecloud.de`.
///
/// Written as browsers write it (RFC 6454 §6.2), however it was typed: what they send is compared with it.
struct Origin: Sendable, Equatable, CustomStringConvertible {
    let description: String
    /// Without brackets, in lower case.
    let host: String
    let isEncrypted: Bool

    /// Reads `http://` or `https://` with a host and perhaps a port; one closing `/` is dropped.
    init?(_ text: String) {
        guard let colon = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        var authority = text[colon.upperBound...]
        if authority.hasSuffix("/") { authority.removeLast() }
        let hasPort = authority.last != "]" && authority.contains(":")
        guard let address = ListenAddress(hasPort ? String(authority) : "\(authority):1"),
            address.port > 0
        else { return nil }
        host = IPAddress(address.host)?.description ?? address.host.lowercased()
        isEncrypted = scheme == "https"
        let isUsual = !hasPort || address.port == (isEncrypted ? 443 : 80)
        description = "\(scheme)://\(Host.inAddress(host))" + (isUsual ? "" : ":\(address.port)")
    }

    var isLoopback: Bool { Host.isLoopback(host) }
}
