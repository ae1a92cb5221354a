/// Values that each hold for a while; beyond a number, the one that ends first gives way.
public struct ExpiringValues<Key: Hashable, Value> {
    private let most: Int
    private var kept: [Key: (value: Value, until: Duration)] = [:]

    public init(most: Int) {
        self.most = most
    }

    /// - Returns: `nil` for one that is not there, or whose time is over.
    public func value(of key: Key, at uptime: Duration) -> Value? {
        kept[key].flatMap { uptime < $0.until ? $0.value : nil }
    }

    /// Whatever has had its time goes.
    public mutating func keep(
        _ value: Value, of key: Key, for age: Duration, at uptime: Duration
    ) {
        kept = kept.filter { uptime < $0.value.until }
        kept[key] = (value, uptime + age)
        guard kept.count > most else { return }
        if let first = kept.min(by: { $0.value.until < $1.value.until }) { kept[first.key] = nil }
    }

    public mutating func forget(_ key: Key) { kept[key] = nil }
}

extension ExpiringValues: Sendable where Key: Sendable, Value: Sendable {}
