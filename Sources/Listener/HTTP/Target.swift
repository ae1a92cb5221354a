/// The path and query of a request, percent-decoded.
struct Target: Sendable, Equatable {
    /// Without empty ones, so that a slash at the end changes nothing.
    let path: [String]
    private let names: [String]
    private let values: [String]

    /// - Returns: `nil` where an escape is broken or does not make UTF-8.
    init?(_ target: String) {
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let pairs = (halves.count > 1 ? halves[1] : "").split(separator: "&").map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        }
        guard let path = (halves.first ?? "").split(separator: "/").decoded(),
            let names = pairs.map({ $0[0] }).decoded(plusIsSpace: true),
            let values = pairs.map({ $0.count > 1 ? $0[1] : "" }).decoded(plusIsSpace: true)
        else { return nil }
        self.path = path
        self.names = names
        self.values = values
    }

    /// The first value of a name in the query; empty where it stands without one.
    subscript(name: String) -> String? {
        names.firstIndex(of: name).map { values[$0] }
    }
}

extension [Substring] {
    fileprivate func decoded(plusIsSpace: Bool = false) -> [String]? {
        let decoded = compactMap { $0.percentDecoded(plusIsSpace: plusIsSpace) }
        return decoded.count == count ? decoded : nil
    }
}

extension Substring {
    fileprivate func percentDecoded(plusIsSpace: Bool) -> String? {
        let escapes = utf8.contains { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }
        guard escapes else { return String(self) }
        var bytes: [UInt8] = []
        var rest = utf8
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                let digits = Substring(rest.prefix(2))
                guard digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit),
                    let value = UInt8(digits, radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
