import Synchronization

/// The one pace of all calls that share a limit, whoever makes them.
///
/// Every slot that is taken ends in exactly one `finish` or `giveBack`.
public final class Pacer: Sendable {
    private let bucket: Mutex<TokenBucket?>
    private let environment: Environment

    /// - Parameter perMinute: the ceiling; `nil` for a destination without a limit.
    public init(perMinute: Double?, environment: Environment) {
        bucket = Mutex(perMinute.map { TokenBucket(perMinute: $0, at: environment.uptime()) })
        self.environment = environment
    }

    /// Takes up to `count` slots; with none, says at which uptime to ask again.
    public func take(_ count: Int) -> (taken: Int, retryAt: Duration?) {
        bucket.withLock { $0?.take(count, at: environment.uptime()) ?? (count, nil) }
    }

    public func giveBack(_ count: Int) {
        bucket.withLock { $0?.giveBack(count) }
    }

    public func finish(_ quota: Quota?) {
        bucket.withLock { $0?.finish(quota, at: environment.uptime()) }
    }

    /// Lets nothing out for that long.
    public func close(for wait: Duration) {
        bucket.withLock { $0?.close(until: environment.uptime() + wait) }
    }

    public var quota: Quota? {
        bucket.withLock { $0?.quota(at: environment.uptime()) }
    }

    /// The ceiling, in calls a minute.
    public var rate: Double? {
        bucket.withLock { $0?.rate }
    }

    /// Waits until a slot is taken.
    /// - Throws: `CancellationError`; no slot is taken then.
    public func slot(for precedence: Precedence = .message) async throws {
        while true {
            let retryAt =
                switch precedence {
                case .message: take(1).retryAt
                case .look: takeSpare(share: true)
                case .courtesy: takeSpare(share: false)
                }
            guard let retryAt else { return }
            try await environment.sleep(until: retryAt)
        }
    }

    private func takeSpare(share: Bool) -> Duration? {
        bucket.withLock { $0?.takeSpare(share: share, at: environment.uptime()).retryAt }
    }
}
