internal import Outbox
internal import Synchronization

/// The store's own times, which neither an outage nor a clock that is set can falsify.
final class Clocks: Sendable {
    private let environment: Environment
    private let state: Mutex<State>

    private struct State {
        var due: DueClock
        var reach: [Route: ReachClock] = [:]
    }

    init(_ environment: Environment, dueClock saved: Timestamp?, reached: [Route: Duration]) {
        self.environment = environment
        let due = DueClock(
            saved: saved, wall: environment.now(), uptime: environment.uptime())
        state = Mutex(State(due: due, reach: reached.mapValues { ReachClock(counted: $0) }))
    }

    /// Now, as due times are kept.
    func due() -> Timestamp {
        state.withLock { $0.due.read(wall: environment.now(), uptime: environment.uptime()) }
    }

    /// As it is set.
    func wall() -> Timestamp { environment.now() }

    /// What a due time is ahead of the wall clock.
    var lead: Duration { state.withLock { $0.due.lead } }

    func setReachable(_ reachable: Bool, _ route: Route) {
        state.withLock {
            $0.reach[route, default: ReachClock()].set(
                reachable: reachable, at: environment.uptime())
        }
    }

    /// For how long the route has been reachable.
    func reached(_ route: Route) -> Duration {
        state.withLock { $0.reach[route]?.value(at: environment.uptime()) ?? .zero }
    }

    var reached: [Route: Duration] {
        state.withLock { $0.reach.mapValues { $0.value(at: environment.uptime()) } }
    }
}

/// The wall clock, held when it is set back: else whatever waits would wait for that much longer.
struct DueClock {
    /// How far this clock is ahead of the wall clock; never negative.
    private(set) var lead: Duration
    private var last: (wall: Timestamp, uptime: Duration)

    /// - Parameter saved: a reading of an earlier run, below which this one does not begin.
    init(saved: Timestamp?, wall: Timestamp, uptime: Duration) {
        lead = saved.map { max(.zero, $0 - wall) } ?? .zero
        last = (wall, uptime)
    }

    /// - Parameter uptime: of a clock that is never set.
    mutating func read(wall: Timestamp, uptime: Duration) -> Timestamp {
        let step = (wall - last.wall) - (uptime - last.uptime)
        if step < .zero - tolerance { lead -= step }
        last = (wall, uptime)
        return wall + lead
    }
}

/// Below this, the two clocks merely run unevenly.
private let tolerance: Duration = .seconds(1)
