/// Counts for how long a route was reachable, so that neither an outage nor a wrong setting ages its mail.
public struct ReachClock: Sendable, Equatable {
    private var counted: Duration
    private var since: Duration?

    /// - Parameter counted: what an earlier run had counted.
    public init(counted: Duration = .zero) {
        self.counted = counted
    }

    /// - Parameter uptime: of a clock that is never set.
    public mutating func set(reachable: Bool, at uptime: Duration) {
        counted = value(at: uptime)
        since = reachable ? uptime : nil
    }

    public func value(at uptime: Duration) -> Duration {
        guard let since else { return counted }
        return counted + max(.zero, uptime - since)
    }
}
