/// Turns what an attempt taught us into what becomes of its entry.
public struct RetryPolicy: Sendable, Equatable {
    /// The waits after the first, second, … counted attempt; the last one repeats.
    public var schedule: [Duration]
    /// Reachable age at which an entry that still fails becomes a dead letter.
    public var lifetime: Duration
    /// The share by which a wait is shortened or lengthened at the most, so that entries which failed
    /// together do not come back together.
    public var jitter: Double
    public var doubt: DoubtPolicy

    /// - Parameter schedule: at least one wait.
    public init(
        schedule: [Duration] = Self.standardSchedule, lifetime: Duration = .seconds(72 * 3600),
        jitter: Double = 0.2, doubt: DoubtPolicy = DoubtPolicy()
    ) {
        precondition(!schedule.isEmpty, "a retry schedule needs at least one wait")
        self.schedule = schedule
        self.lifetime = lifetime
        self.jitter = jitter
        self.doubt = doubt
    }

    /// 5 s, 30 s, 2, 5, 15 and 30 minutes, then hourly.
    public static let standardSchedule: [Duration] = [5, 30, 120, 300, 900, 1800, 3600]
        .map { .seconds($0) }

    /// - Parameters:
    ///   - age: for how long the route was reachable since the entry was accepted.
    ///   - chance: in `0 ..< 1`.
    public func verdict(
        on outcome: Outcome, of entry: Entry, age: Duration, now: Timestamp, chance: Double
    ) -> Verdict {
        switch outcome {
        case .delivered(let reference):
            // After a doubt there may be two, and the first may show up late.
            .delivered(
                reference: reference,
                lookAt: entry.doubts > 0 ? now + doubt.lookAt[doubt.lookAt.count - 1] : nil)
        case .unreachable(let reason), .unauthorized(let reason), .misconfigured(let reason):
            // The gate or the route decides when the next attempt is made; the entry is always ready.
            .retry(at: now, counts: false, reason: reason)
        case .throttled(let wait, let reason):
            .retry(at: now + wait, counts: false, reason: reason)
        case .gone(let reason):
            .startOver(reason: reason)
        case .refused(let reason):
            .dead(reason: reason)
        case .unknown(let reason):
            .inDoubt(reason: reason, lookAt: now + doubt.wait(before: 0))
        case .failed(_, let reason) where age >= lifetime:
            .dead(reason: "gave up after \(lifetime.inWords): \(reason)")
        case .failed(let notBefore, let reason):
            .retry(
                at: now + max(backoff(after: entry.tries, chance: chance), notBefore ?? .zero),
                counts: true, reason: reason)
        }
    }

    public func verdict(on sighting: Sighting, of look: Look, now: Timestamp) -> Verdict {
        doubt.verdict(on: sighting, of: look, lifetime: lifetime, now: now)
    }

    private func backoff(after tries: Int, chance: Double) -> Duration {
        schedule[min(tries, schedule.count - 1)] * (1 - jitter + 2 * jitter * chance)
    }
}

extension Duration {
    /// In whole hours, or in seconds below two hours.
    var inWords: String {
        seconds < 7200 ? "\(Int(seconds)) seconds" : "\(Int(seconds / 3600)) hours"
    }
}
