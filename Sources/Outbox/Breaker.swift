/// Stops one kind of call while most of its attempts fail, and tries one now and then.
///
/// It opens on five failures in a row, or when 70 % of at least ten calls within five minutes failed; then
/// one probe goes out after 30 s, and after twice as long each time, up to five minutes.
public struct Breaker: Sendable, Equatable {
    private static let streakLimit = 5
    private static let slice = Duration.seconds(30)
    private static let slices = 10

    private var gate = Gate(probing: [30, 60, 120, 240, 300].map { .seconds($0) })
    private var streak = 0
    /// The last that was learnt of its calls is a reason that concerns all of them.
    public private(set) var isTripped = false
    private var recent: [Slice] = []

    /// Calls of half a minute: the window needs as much room however many there are.
    private struct Slice: Equatable {
        var beganAt: Duration
        var calls = 0
        var failures = 0
    }

    public init() {}

    public func admission(at uptime: Duration) -> Gate.Admission { gate.admission(at: uptime) }

    public func nextProbe(after uptime: Duration) -> Duration? { gate.nextProbe(after: uptime) }

    /// Why it is open; `nil` while calls are made.
    public func status(at uptime: Duration) -> RelayStatus.Closure? { gate.status(at: uptime) }

    public mutating func beginProbe() { gate.beginProbe() }

    /// The call told nothing of the kind, such as one that was throttled.
    public mutating func abandonProbe(at uptime: Duration) { gate.abandonProbe(at: uptime) }

    /// - Returns: whether calls may be made again since now.
    public mutating func succeed(at uptime: Duration) -> Bool {
        isTripped = false
        guard !gate.isOpen else {
            count(failed: false, at: uptime)
            streak = 0
            return false
        }
        // One that was under way when it opened is no probe.
        guard gate.admission(at: uptime) == .closed(until: nil) else { return false }
        streak = 0
        recent = []
        return gate.open()
    }

    /// - Returns: whether it stops calls since now.
    public mutating func fail(_ reason: String, at uptime: Duration) -> Bool {
        isTripped = false
        guard gate.isOpen else { return gate.close(because: reason, at: uptime) }
        count(failed: true, at: uptime)
        streak += 1
        let calls = recent.reduce(0) { $0 + $1.calls }
        let failures = recent.reduce(0) { $0 + $1.failures }
        guard streak >= Self.streakLimit || (calls >= 10 && failures * 10 >= calls * 7) else {
            return false
        }
        let what =
            streak >= Self.streakLimit
            ? "\(streak) failures in a row" : "\(failures) of \(calls) calls failed"
        return gate.close(because: "\(what), the last: \(reason)", at: uptime)
    }

    /// Stops calls at once, for a reason that concerns all of them.
    /// - Returns: whether it did not before.
    public mutating func trip(_ reason: String, at uptime: Duration) -> Bool {
        isTripped = true
        return gate.close(because: reason, at: uptime)
    }

    private mutating func count(failed: Bool, at uptime: Duration) {
        recent.removeAll { uptime - $0.beganAt >= Self.slice * Self.slices }
        if recent.last.map({ uptime - $0.beganAt >= Self.slice }) ?? true {
            recent.append(Slice(beganAt: uptime))
        }
        recent[recent.count - 1].calls += 1
        if failed { recent[recent.count - 1].failures += 1 }
    }
}
