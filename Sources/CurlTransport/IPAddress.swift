import CCurl
import Glibc

/// An IPv4 or IPv6 address; one that maps IPv4 into IPv6 is the IPv4 address.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 of them, the first one first.
    let bytes: [UInt8]

    /// Reads `192.0.2.1` or `2001:db8::1`, without brackets; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        var four = in_addr()
        var sixteen = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(withUnsafeBytes(of: four) { Array($0) })
        } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
            self.init(withUnsafeBytes(of: sixteen) { Array($0) })
        } else {
            return nil
        }
    }

    /// The address that libcurl is about to connect to; `nil` for one of another family.
    init?(_ address: UnsafeMutablePointer<curl_sockaddr>) {
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return nil }
        // libcurl's own type only has room for IPv4, and more behind it for the others.
        let socket = UnsafeRawPointer(address) + offset
        switch (address.pointee.family, Int(address.pointee.addrlen)) {
        case (AF_INET, MemoryLayout<sockaddr_in>.size...):
            let address = socket.loadUnaligned(as: sockaddr_in.self).sin_addr
            self.init(withUnsafeBytes(of: address) { Array($0) })
        case (AF_INET6, MemoryLayout<sockaddr_in6>.size...):
            let address = socket.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            self.init(withUnsafeBytes(of: address) { Array($0) })
        default:
            return nil
        }
    }

    init(_ bytes: [UInt8]) {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        let isMapped = bytes.count == 16 && bytes.starts(with: mapped)
        self.bytes = isMapped ? Array(bytes[12...]) : bytes
    }

    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        inet_ntop(family, bytes, &text, socklen_t(text.count))
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    public var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : self == IPAddress("::1")
    }

    /// Whether it can be anybody's in the internet, and is neither this machine nor something that only its
    /// own network can reach.
    ///
    /// By the registries of special addresses of RFC 6890: private, shared by a carrier, link-local, multicast,
    /// reserved and such are not public. One that carries an IPv4 address is what that one is.
    public var isPublic: Bool {
        if bytes.count == 4 { return !IPNetwork.special4.contains { $0.contains(self) } }
        if let carried { return carried.isPublic }
        return IPNetwork.global6.contains(self)
            && !IPNetwork.special6.contains { $0.contains(self) }
    }

    /// The IPv4 address within one that a translator (RFC 6052) or 6to4 takes apart.
    private var carried: IPAddress? {
        if IPNetwork.translated.contains(self) { return IPAddress(Array(bytes[12...])) }
        if IPNetwork.sixToFour.contains(self) { return IPAddress(Array(bytes[2..<6])) }
        return nil
    }
}
