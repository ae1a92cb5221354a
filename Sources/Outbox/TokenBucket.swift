/// Says when the next call may be made: a steady rate below a ceiling, corrected by the server's own count.
///
/// The server counts calls in windows and says how many it has counted, how many it allows and when
/// the window ends. Below the ceiling that is the truth; calls under way are reckoned in, since the
/// server may not have counted them yet.
public struct TokenBucket: Sendable, Equatable {
    /// Calls a minute.
    public let rate: Double
    private let burst: Double
    private var tokens: Double
    private var refilledAt: Duration
    private var window: Window?
    private var underWay = 0
    private var closedUntil = Duration.zero

    private struct Window: Equatable {
        var quota: Quota
        var endsAt: Duration
    }

    /// - Parameters:
    ///   - perMinute: the ceiling, above zero.
    ///   - burst: how many calls may follow each other at once after a pause; else a tenth of a second's
    ///     worth, and ten at least.
    public init(perMinute: Double, burst: Double? = nil, at uptime: Duration) {
        precondition(perMinute > 0 && burst ?? 1 >= 1)
        rate = perMinute
        self.burst = burst ?? max(10, perMinute / 600)
        tokens = self.burst
        refilledAt = uptime
    }

    /// Takes up to `count` slots and says how many it got; with none, when to ask again.
    public mutating func take(_ count: Int, at uptime: Duration) -> (taken: Int, retryAt: Duration?)
    {
        refill(at: uptime)
        if uptime < closedUntil { return (0, closedUntil) }
        if let window, uptime >= window.endsAt { self.window = nil }
        let left = window.map { $0.quota.allowed - $0.quota.used - underWay } ?? Int.max
        if left <= 0, let window { return (0, window.endsAt) }
        let taken = min(count, Int(tokens), left)
        guard taken > 0 else { return (0, uptime + .seconds((1 - tokens) * 60 / rate)) }
        tokens -= Double(taken)
        underWay += taken
        return (taken, nil)
    }

    /// A slot was taken and no call made with it.
    public mutating func giveBack(_ count: Int) {
        tokens = min(burst, tokens + Double(count))
        underWay -= count
    }

    /// A call is over; `quota` is what its answer said, if there was one that did.
    public mutating func finish(_ quota: Quota?, at uptime: Duration) {
        underWay -= 1
        guard let quota else { return }
        let endsAt = uptime + quota.resetsAfter
        // Answers may overtake each other: within one window the higher count is the later one.
        if let window, uptime < window.endsAt, quota.allowed == window.quota.allowed,
            quota.used < window.quota.used, endsAt <= window.endsAt + .seconds(1)
        {
            return
        }
        window = Window(quota: quota, endsAt: endsAt)
    }

    /// Nothing goes out before then, whatever it is.
    public mutating func close(until uptime: Duration) {
        closedUntil = max(closedUntil, uptime)
    }

    /// The server's last word that still holds.
    public func quota(at uptime: Duration) -> Quota? {
        guard let window, uptime < window.endsAt else { return nil }
        return Quota(
            used: window.quota.used, allowed: window.quota.allowed,
            resetsAfter: window.endsAt - uptime)
    }

    private mutating func refill(at uptime: Duration) {
        tokens = min(burst, tokens + max(0, (uptime - refilledAt).seconds) * rate / 60)
        refilledAt = uptime
    }
}

/// What a server says of its limit with an answer.
public struct Quota: Sendable, Equatable {
    public var used: Int
    public var allowed: Int
    public var resetsAfter: Duration

    public init(used: Int, allowed: Int, resetsAfter: Duration) {
        self.used = used
        self.allowed = allowed
        self.resetsAfter = resetsAfter
    }
}
