/// Time and chance, given to whoever needs them so that a test can say what they are.
public struct Environment: Sendable {
    /// The wall clock, which may be set back and forth: for what is stored and shown.
    public var now: @Sendable () -> Timestamp
    /// A clock that is never set, from any beginning: for waits and ages.
    public var uptime: @Sendable () -> Duration
    /// Uniform in `0 ..< 1`.
    public var chance: @Sendable () -> Double

    public init(
        now: @escaping @Sendable () -> Timestamp, uptime: @escaping @Sendable () -> Duration,
        chance: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.uptime = uptime
        self.chance = chance
    }
}
