/// A range of addresses by their common beginning, such as `10.0.0.0/8`.
public struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    public let address: IPAddress
    /// In bits, of 32 or 128.
    public let prefix: Int

    /// Reads an address with the length of its prefix in bits, or without for that address alone.
    ///
    /// `nil` for anything else, also where bits are set behind the prefix: `10.1.2.3/8` is a slip.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(parts[0]) else { return nil }
        let width = address.bytes.count * 8
        guard parts.count == 2 else {
            self.init(address, width)
            return
        }
        let digits = parts[1]
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let prefix = Int(digits),
            prefix <= width, parts[0].contains(":") == (width == 128)
        else { return nil }
        self.init(address, prefix)
        let isClean = (prefix..<width).allSatisfy {
            address.bytes[$0 / 8] & 0x80 >> UInt8($0 % 8) == 0
        }
        guard isClean else { return nil }
    }

    private init(_ address: IPAddress, _ prefix: Int) {
        self.address = address
        self.prefix = prefix
    }

    public func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        let (whole, rest) = (prefix / 8, prefix % 8)
        guard other.bytes.prefix(whole) == address.bytes.prefix(whole) else { return false }
        return rest == 0 || (other.bytes[whole] ^ address.bytes[whole]) >> (8 - rest) == 0
    }

    public var description: String { "\(address)/\(prefix)" }
}

extension IPNetwork {
    static let special4 = networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4")

    /// All that is given out for the internet; what is unspecified, loopback, unique-local, link-local or
    /// multicast lies outside of it.
    static let global6 = networks("2000::/3")[0]
    static let special6 = networks("2001::/23", "2001:db8::/32", "3fff::/20")
    static let translated = networks("64:ff9b::/96")[0]
    static let sixToFour = networks("2002::/16")[0]

    private static func networks(_ texts: String...) -> [IPNetwork] {
        texts.map { text in
            guard let network = IPNetwork(text) else { preconditionFailure("no network: \(text)") }
            return network
        }
    }
}
