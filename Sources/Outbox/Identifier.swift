/// A number that names one record of one kind, ordered by the time it was drawn.
///
/// The upper 43 bits are milliseconds since 1970, the lower 20 are drawn by chance, so that two stores do
/// not draw the same one. As text it is thirteen characters of Crockford's base 32, which sort as
/// the numbers do.
public struct Identifier<Record>: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: Int64

    /// - Parameter rawValue: zero or more.
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// Reads the thirteen characters that `description` writes; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 13 else { return nil }
        var value: UInt64 = 0
        for character in text.utf8 {
            guard let digit = crockford.firstIndex(of: character) else { return nil }
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 32)
            guard !overflow else { return nil }
            value = shifted | UInt64(digit)
        }
        guard let rawValue = Int64(exactly: value) else { return nil }
        self.rawValue = rawValue
    }

    /// Larger than any that was drawn before that time.
    public init(firstAt time: Timestamp) { self.init(rawValue: time.milliseconds << 20) }

    public var drawnAt: Timestamp { Timestamp(milliseconds: rawValue >> 20) }

    public var description: String {
        String(unsafeUninitializedCapacity: 13) { buffer in
            var rest = rawValue
            for place in stride(from: 12, through: 0, by: -1) {
                buffer[place] = crockford[Int(rest & 31)]
                rest >>= 5
            }
            return 13
        }
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

private let crockford = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

/// Draws identifiers that rise strictly, also when the clock stands still or is set back.
public struct IdentifierSource: Sendable {
    private var last: Int64

    /// - Parameter last: the greatest raw value drawn before, so that a restart goes on above it.
    public init(after last: Int64 = 0) {
        self.last = last
    }

    /// - Parameter chance: any number; its lower 20 bits are used.
    public mutating func next(at now: Timestamp, chance: UInt32) -> Int64 {
        last = max(last + 1, now.milliseconds << 20 | Int64(chance & 0xF_FFFF))
        return last
    }
}
