import HTTPTypes
import Outbox

/// When intake takes nothing more for a while, so that whatever it has taken stays safe
/// (`intake.maxPending`, `store.minFree`).
public struct BackPressure: Sendable, Equatable {
    /// Entries that may wait at the most.
    public var maxPending: Int
    /// Bytes that have to be free where the store is.
    public var minFree: Int

    public init(maxPending: Int = 200_000, minFree: Int = 256 << 20) {
        self.maxPending = maxPending
        self.minFree = minFree
    }

    /// - Parameter drain: how long what waits will take, as far as that can be told.
    /// - Throws: `Problem` 503 with a time to wait of at most five minutes.
    func check(_ load: OutboxLoad, drain: () async -> Duration?) async throws(Problem) {
        if let free = load.freeBytes, free < minFree {
            throw .later(
                .serviceUnavailable, "the disk of the outbox is almost full", after: .seconds(60))
        }
        guard load.pending >= maxPending else { return }
        let wait = await drain() ?? .seconds(300)
        throw .later(
            .serviceUnavailable, "the outbox has \(load.pending) messages waiting already",
            after: min(wait, .seconds(300)))
    }
}
