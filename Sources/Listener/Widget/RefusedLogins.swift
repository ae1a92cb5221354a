import Logging
import Outbox
import Synchronization

/// Tells the operator of logins that came to nothing, which anybody can bring about as often as they like: ten in
/// a row, then one a minute, with how many were left out.
final class RefusedLogins: Sendable {
    private let state: Mutex<(lines: TokenBucket, leftOut: Int)>

    init(at uptime: Duration) {
        state = Mutex((TokenBucket(perMinute: 1, burst: 10, at: uptime), 0))
    }

    func note(_ status: Int, _ reason: String, at uptime: Duration, _ logger: Logger) {
        let leftOut: Int? = state.withLock { state in
            guard state.lines.take(1, at: uptime).taken > 0 else {
                state.leftOut += 1
                return nil
            }
            state.lines.finish(nil, at: uptime)
            defer { state.leftOut = 0 }
            return state.leftOut
        }
        guard let leftOut else { return }
        var metadata: Logger.Metadata = ["status": "\(status)", "reason": "\(reason)"]
        if leftOut > 0 { metadata["left_out"] = "\(leftOut)" }
        logger.notice("an agent was not logged in", metadata: metadata)
    }
}
