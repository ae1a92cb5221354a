/// Whether a connection still lives, by what is heard on it: Genesys sends a heartbeat every 30 seconds.
struct Liveness: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        /// Nothing to do before this uptime.
        case wait(until: Duration)
        case ping
        case dead
    }

    /// Twice the heartbeat's interval.
    static let patience = Duration.seconds(60)
    /// How long a ping may stay without any answer.
    static let grace = Duration.seconds(10)

    private(set) var heardAt: Duration
    private var pingedAt: Duration?

    init(at uptime: Duration) {
        heardAt = uptime
    }

    /// Anything counts.
    mutating func hear(at uptime: Duration) {
        heardAt = uptime
        pingedAt = nil
    }

    mutating func step(at uptime: Duration) -> Step {
        if let pingedAt {
            let end = pingedAt + Self.grace
            return uptime < end ? .wait(until: end) : .dead
        }
        let end = heardAt + Self.patience
        guard uptime >= end else { return .wait(until: end) }
        pingedAt = uptime
        return .ping
    }
}

/// How long to wait before a connection is opened again: a second at first, a minute at the most, and up to half
/// of it less by chance.
struct FeedBackoff: Sendable, Equatable {
    private var failures = 0

    /// - Parameter chance: in `0 ..< 1`.
    mutating func next(chance: Double) -> Duration {
        let whole = Duration.seconds(min(60, 1 << min(failures, 6)))
        failures += 1
        return whole * (1 - chance / 2)
    }

    mutating func reset() { failures = 0 }
}
