import Outbox
import Synchronization

/// Sessions that were looked up a moment ago, so that a page's many calls cost the store one look.
final class SessionCache: Sendable {
    static let age = Duration.seconds(30)

    private struct State {
        var kept = ExpiringValues<[UInt8], Session>(most: 1000)
        /// How many sessions were ended: what was looked up before an end is not kept after it.
        var ends = 0
    }

    private let state = Mutex(State())

    /// To be asked for before the store is.
    var ends: Int { state.withLock { $0.ends } }

    func session(under key: [UInt8], at uptime: Duration) -> Session? {
        state.withLock { $0.kept.value(of: key, at: uptime) }
    }

    func keep(_ session: Session, at uptime: Duration, unlessEndedSince ends: Int) {
        state.withLock { state in
            guard state.ends == ends else { return }
            state.kept.keep(session, of: session.key, for: Self.age, at: uptime)
        }
    }

    func end(_ key: [UInt8]) {
        state.withLock { state in
            state.ends += 1
            state.kept.forget(key)
        }
    }
}
