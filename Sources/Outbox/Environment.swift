/// Time and chance, given to whoever needs them so that a test can say what they are.
public struct Environment: Sendable {
    /// The wall clock, which may be set back and forth: for what is stored and shown.
    public var now: @Sendable () -> Timestamp
    /// A clock that is never set, from any beginning: for waits and ages.
    public var uptime: @Sendable () -> Duration
    /// Uniform in `0 ..< 1`.
    public var chance: @Sendable () -> Double
    /// Makes an alarm that calls back when it rings.
    public var alarm: @Sendable (_ ring: @escaping @Sendable () -> Void) -> any Alarm

    public init(
        now: @escaping @Sendable () -> Timestamp, uptime: @escaping @Sendable () -> Duration,
        chance: @escaping @Sendable () -> Double,
        alarm: @escaping @Sendable (_ ring: @escaping @Sendable () -> Void) -> any Alarm
    ) {
        self.now = now
        self.uptime = uptime
        self.chance = chance
        self.alarm = alarm
    }
}

/// Rings once at a time that may be moved.
public protocol Alarm: Sendable {
    /// Sets the alarm to that uptime in place of any before; one that has passed rings at once, `nil`
    /// never does.
    func set(_ uptime: Duration?)
}
