import HTTPTypes
import Outbox
import Synchronization

/// How often each credential may post.
final class RateLimit: Sendable {
    private let perMinute: Int?
    private let buckets = Mutex<[Guest: TokenBucket]>([:])

    init(perMinute: Int?) {
        self.perMinute = perMinute
    }

    /// - Throws: `Problem` 429 with the time to wait.
    func take(_ guest: Guest, at uptime: Duration) throws(Problem) {
        guard let perMinute else { return }
        let wait: Duration? = buckets.withLock { buckets in
            let rate = Double(perMinute)
            var bucket = buckets[guest] ?? TokenBucket(perMinute: rate, burst: rate, at: uptime)
            let (taken, retryAt) = bucket.take(1, at: uptime)
            if taken > 0 { bucket.finish(nil, at: uptime) }
            buckets[guest] = bucket
            return taken > 0 ? nil : (retryAt ?? uptime) - uptime
        }
        if let wait {
            throw .later(
                .tooManyRequests, "this credential may post \(perMinute) times a minute",
                after: wait)
        }
    }
}
