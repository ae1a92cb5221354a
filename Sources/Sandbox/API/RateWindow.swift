import Foundation
import HTTPTypes

/// The calls of one token, or of one client, in the window that runs.
///
/// A window starts with the first call after the last one ended.
struct RateWindow {
    /// What the rate headers of an answer say.
    struct Reading: Equatable {
        let count: Int
        let allowed: Int
        /// Whole seconds until the window ends, at least 1.
        let reset: Int
        /// Whether the call was one too many.
        let exceeded: Bool
    }

    /// What `inin-ratelimit-allowed` says while there is no limit.
    static let unlimited = 1_000_000_000

    private var start = Date.distantPast
    private var count = 0

    /// Counts one call; a call that is one too many is refused and not counted.
    mutating func count(at now: Date, limit: Sandbox.Limit?) -> Reading {
        let seconds = Double(limit?.seconds ?? 60)
        let allowed = limit?.requests ?? Self.unlimited
        if now >= start.addingTimeInterval(seconds) {
            start = now
            count = 0
        }
        let exceeded = count >= allowed
        if !exceeded {
            count += 1
        }
        let left = start.addingTimeInterval(seconds).timeIntervalSince(now)
        return Reading(
            count: count, allowed: allowed, reset: max(1, Int(left.rounded(.up))),
            exceeded: exceeded)
    }
}

extension Answer {
    mutating func add(_ rate: RateWindow.Reading) {
        headers[.rateCount] = String(rate.count)
        headers[.rateAllowed] = String(rate.allowed)
        headers[.rateReset] = String(rate.reset)
    }
}
