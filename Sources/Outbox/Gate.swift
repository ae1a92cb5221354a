/// Whether a destination or a route is tried at all.
///
/// It closes on a failure that concerns everything behind it, lets one probe through at growing
/// intervals, and opens by itself when one succeeds.
public struct Gate: Sendable, Equatable {
    public enum Admission: Sendable, Equatable {
        case open
        /// One attempt may be made; the gate stays closed for all others until it is known how that went.
        case probe
        /// Nothing before this uptime; `nil` while a probe is under way.
        case closed(until: Duration?)
    }

    private enum Phase: Equatable {
        case open
        case closed(since: Duration, probes: Int, next: Duration, reason: String)
        case probing(since: Duration, probes: Int, reason: String)
    }

    private let intervals: [Duration]
    private var phase = Phase.open

    /// - Parameter intervals: waits before the first, second, … probe; the last one repeats.
    public init(probing intervals: [Duration]) {
        precondition(!intervals.isEmpty, "a gate needs a probe interval")
        self.intervals = intervals
    }

    /// For a destination that cannot be reached: 5 s, 30 s, then each minute.
    public static let destination = Gate(probing: [.seconds(5), .seconds(30), .seconds(60)])
    /// For a route whose configuration is refused: each minute.
    public static let route = Gate(probing: [.seconds(60)])

    public var isOpen: Bool { phase == .open }

    /// Why it is closed; `nil` while it is open.
    public func status(at uptime: Duration) -> RelayStatus.Closure? {
        switch phase {
        case .open:
            nil
        case .closed(let since, _, let next, let reason):
            RelayStatus.Closure(
                reason: reason, lasting: uptime - since, nextProbe: max(.zero, next - uptime))
        case .probing(let since, _, let reason):
            RelayStatus.Closure(reason: reason, lasting: uptime - since, nextProbe: nil)
        }
    }

    /// The uptime of the next probe, if that is still to come.
    public func nextProbe(after uptime: Duration) -> Duration? {
        guard case .closed(_, _, let next, _) = phase, next > uptime else { return nil }
        return next
    }

    public func admission(at uptime: Duration) -> Admission {
        switch phase {
        case .open: .open
        case .closed(_, _, let next, _): uptime >= next ? .probe : .closed(until: next)
        case .probing: .closed(until: nil)
        }
    }

    /// The one probe that was admitted is on its way.
    public mutating func beginProbe() {
        guard case .closed(let since, let probes, _, let reason) = phase else { return }
        phase = .probing(since: since, probes: probes, reason: reason)
    }

    /// The probe could not be made, or taught nothing: another may follow after the same wait.
    public mutating func abandonProbe(at uptime: Duration) {
        guard case .probing(let since, let probes, let reason) = phase else { return }
        close(since: since, probes: probes, at: uptime, reason: reason)
    }

    /// - Returns: whether it was open until now.
    @discardableResult
    public mutating func close(because reason: String, at uptime: Duration) -> Bool {
        switch phase {
        case .open:
            close(since: uptime, probes: 0, at: uptime, reason: reason)
            return true
        case .probing(let since, let probes, _):
            close(since: since, probes: probes + 1, at: uptime, reason: reason)
            return false
        case .closed(let since, let probes, let next, _):
            // A straggler that was under way when the gate closed is no probe.
            phase = .closed(since: since, probes: probes, next: next, reason: reason)
            return false
        }
    }

    /// - Returns: whether it was closed until now.
    @discardableResult
    public mutating func open() -> Bool {
        defer { phase = .open }
        return phase != .open
    }

    private mutating func close(since: Duration, probes: Int, at uptime: Duration, reason: String) {
        let wait = intervals[min(probes, intervals.count - 1)]
        phase = .closed(since: since, probes: probes, next: uptime + wait, reason: reason)
    }
}
