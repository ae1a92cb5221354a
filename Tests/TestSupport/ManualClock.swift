public import Outbox
import Synchronization

/// Time that stands still until a test moves it, with alarms that ring as it passes them.
public final class ManualClock: Sendable {
    private struct State {
        var now: Timestamp
        var uptime = Duration.seconds(1000)
        var chance = 0.5
        var alarms: [ObjectIdentifier: (alarm: ManualAlarm, at: Duration)] = [:]
    }

    private let state: Mutex<State>

    public init(now: Timestamp = Timestamp(milliseconds: 1_772_615_564_120)) {
        state = Mutex(State(now: now))
    }

    /// What is given to the code under test.
    public var environment: Environment {
        Environment(
            now: { self.now }, uptime: { self.uptime },
            chance: { self.state.withLock { $0.chance } },
            alarm: { ManualAlarm(clock: self, ring: $0) })
    }

    public var now: Timestamp { state.withLock { $0.now } }
    public var uptime: Duration { state.withLock { $0.uptime } }

    /// What every draw gives from now on, in `0 ..< 1`.
    public func setChance(_ chance: Double) { state.withLock { $0.chance = chance } }

    /// Sets the wall clock alone, as an administrator might.
    public func setWall(_ now: Timestamp) { state.withLock { $0.now = now } }

    /// Lets time pass, and rings what is due by then.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            state.uptime += duration
            let due = state.alarms.values.filter { $0.at <= state.uptime }.map(\.alarm)
            for alarm in due { state.alarms[ObjectIdentifier(alarm)] = nil }
            return due
        }
        for alarm in due { alarm.ring() }
    }

    /// How long until the next alarm rings; `nil` if none is set.
    public var nextAlarm: Duration? {
        state.withLock { state in state.alarms.values.map { $0.at - state.uptime }.min() }
    }

    fileprivate func set(_ alarm: ManualAlarm, to uptime: Duration?) {
        let isDue = state.withLock { state in
            let isDue = uptime.map { $0 <= state.uptime } ?? false
            state.alarms[ObjectIdentifier(alarm)] = isDue ? nil : uptime.map { (alarm, $0) }
            return isDue
        }
        if isDue { alarm.ring() }
    }
}

private final class ManualAlarm: Alarm {
    private let clock: ManualClock
    let ring: @Sendable () -> Void

    init(clock: ManualClock, ring: @escaping @Sendable () -> Void) {
        self.clock = clock
        self.ring = ring
    }

    func set(_ uptime: Duration?) { clock.set(self, to: uptime) }
}
