import Listener

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension ListenAddress {
    /// Reads `127.0.0.1:8080`, `[::1]:8080` or `name:8080`; `nil` for anything else.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(strict: text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard Host.isValid(host) else { return nil }
        self.init(host: String(host), port: Int(port))
    }

    var isLoopback: Bool { Host.isLoopback(host) }
}

/// What is asked of a host's text; nothing is resolved.
enum Host {
    static func isLoopback(_ host: some StringProtocol) -> Bool {
        if host.lowercased() == "localhost" { return true }
        if let address = ipv4(host) { return address >> 24 == 127 }
        var address = in6_addr()
        guard inet_pton(AF_INET6, String(host), &address) == 1 else { return false }
        return withUnsafeBytes(of: address) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }

    static func isValid(_ host: some StringProtocol) -> Bool {
        if host.contains(":") {
            var address = in6_addr()
            return inet_pton(AF_INET6, String(host), &address) == 1
        }
        if host.allSatisfy({ $0 == "." || $0.isASCIIDigit }) { return ipv4(host) != nil }
        guard (1...253).contains(host.utf8.count) else { return false }
        return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == "-" }
        }
    }

    /// The host as it stands before a port: an IPv6 address in brackets.
    static func inAddress(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

    /// The address in the machine's byte order.
    private static func ipv4(_ host: some StringProtocol) -> UInt32? {
        var address = in_addr()
        guard inet_pton(AF_INET, String(host), &address) == 1 else { return nil }
        return UInt32(bigEndian: address.s_addr)
    }
}

extension Character {
    var isASCIILetter: Bool { isASCII && isLetter }
    var isASCIIDigit: Bool { isASCII && isNumber }
}

extension FixedWidthInteger {
    /// Reads digits with an optional minus sign and nothing else: no `+`, no leading zero, no `_`.
    init?(strict text: some StringProtocol) {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard digits.allSatisfy(\.isASCIIDigit), digits.first != "0" || digits.count == 1,
            let value = Self(String(text))
        else { return nil }
        self = value
    }
}
