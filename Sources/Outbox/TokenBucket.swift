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
    /// Calls of a window that are left to others, more after each refusal.
    ///
    /// Whoever shares the limit is seen only in the counts of our own answers, a little late.
    private var reserve = 0
    private var wasRefused = false
    private static let maxReserve = 10
    /// What looks and the like may take although others wait: a twentieth of the rate.
    private var spare = 1.0
    private static let spareShare = 0.05

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
        let (left, opensAt) = left(at: uptime)
        if let opensAt { return (0, opensAt) }
        let taken = min(count, Int(tokens), left)
        guard taken > 0 else { return (0, uptime + wait(forTokens: 1)) }
        tokens -= Double(taken)
        underWay += taken
        return (taken, nil)
    }

    /// One slot for what may wait: when nobody else has used half a burst, or out of the share of looks.
    public mutating func takeSpare(
        share hasShare: Bool = true, at uptime: Duration
    ) -> (taken: Bool, retryAt: Duration?) {
        refill(at: uptime)
        if let opensAt = left(at: uptime).opensAt { return (false, opensAt) }
        let isIdle = tokens >= max(1, burst / 2)
        guard isIdle || (hasShare && spare >= 1) else {
            let share = Duration.seconds((1 - spare) * 60 / (rate * Self.spareShare))
            let idle = wait(forTokens: max(1, burst / 2))
            return (false, uptime + (hasShare ? min(share, idle) : idle))
        }
        if !isIdle { spare -= 1 }
        // Below zero if need be: whoever comes next waits for it.
        tokens -= 1
        underWay += 1
        return (true, nil)
    }

    /// How many calls the server still takes in this window; with none, or closed, from when on.
    private mutating func left(at uptime: Duration) -> (Int, opensAt: Duration?) {
        if uptime < closedUntil { return (0, closedUntil) }
        guard let window, uptime < window.endsAt else { return (.max, nil) }
        let left = window.quota.allowed - window.quota.used - underWay - reserve
        return left > 0 ? (left, nil) : (0, window.endsAt)
    }

    private func wait(forTokens count: Double) -> Duration {
        .seconds((count - tokens) * 60 / rate)
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
        if let window, endsAt > window.endsAt + .seconds(1) {
            if !wasRefused { reserve = max(0, reserve - 1) }
            wasRefused = false
        }
        window = Window(quota: quota, endsAt: endsAt)
    }

    /// The server refused a call for its limit: nothing goes out before then.
    public mutating func close(until uptime: Duration) {
        closedUntil = max(closedUntil, uptime)
        guard !wasRefused else { return }
        wasRefused = true
        reserve = min(Self.maxReserve, max(2, reserve * 2))
    }

    /// The server's last word that still holds.
    public func quota(at uptime: Duration) -> Quota? {
        guard let window, uptime < window.endsAt else { return nil }
        return Quota(
            used: window.quota.used, allowed: window.quota.allowed,
            resetsAfter: window.endsAt - uptime)
    }

    private mutating func refill(at uptime: Duration) {
        let calls = max(0, (uptime - refilledAt).seconds) * rate / 60
        tokens = min(burst, tokens + calls)
        spare = min(2, spare + calls * Self.spareShare)
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
