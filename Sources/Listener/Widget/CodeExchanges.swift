import Outbox
import Synchronization

/// Which logins may be exchanged for a token now: each is once, some are at a time, and few fail in a row.
///
/// Anybody can begin a login and come back from it with a code that was never given out, and each exchange bears
/// our client's secret to Genesys, which may hold that against the client. Who comes back is not known before,
/// and behind a proxy no address tells them apart: a flood of such codes keeps agents from logging in as well,
/// for as long as it lasts, and whoever is logged in already goes on. The bounds are wide, so that it takes a
/// flood, and what succeeds uses none of them up.
final class CodeExchanges: Sendable {
    enum Admission: Sendable, Equatable {
        /// `end` is to be called.
        case begun
        case usedBefore
        case busy(retryAfter: Duration)
    }

    /// Of the 64 connections that agents' calls have.
    static let mostUnderWay = 48
    /// Of exchanges that failed: as many in a minute as one client may make calls to the API.
    static let failuresPerMinute = 300.0
    static let mostFailures = 60
    /// More than can fail in the time; beyond it none is begun, since one that is forgotten could be used again.
    static let mostKept = 20_000

    private struct State {
        var underWay = 0
        /// Until when each state is kept: as long as its attempt may be good.
        var used: [String: Duration] = [:]
        var failures: TokenBucket
    }

    private let state: Mutex<State>

    init(at uptime: Duration) {
        state = Mutex(
            State(
                failures: TokenBucket(
                    perMinute: Self.failuresPerMinute, burst: Double(Self.mostFailures), at: uptime)
            ))
    }

    /// - Parameter attempt: the login's state, which it is used up with.
    func begin(_ attempt: String, at uptime: Duration) -> Admission {
        state.withLock { state in
            guard state.used[attempt].map({ $0 <= uptime }) ?? true else { return .usedBefore }
            if state.used.count >= Self.mostKept {
                state.used = state.used.filter { uptime < $0.value }
            }
            guard state.underWay < Self.mostUnderWay, state.used.count < Self.mostKept else {
                return .busy(retryAfter: .seconds(1))
            }
            let (taken, retryAt) = state.failures.take(1, at: uptime)
            guard taken > 0 else { return .busy(retryAfter: (retryAt ?? uptime) - uptime) }
            state.underWay += 1
            state.used[attempt] = uptime + LoginAttempt.lifetime
            return .begun
        }
    }

    func end(hasFailed: Bool, at uptime: Duration) {
        state.withLock { state in
            state.underWay -= 1
            if hasFailed {
                state.failures.finish(nil, at: uptime)
            } else {
                state.failures.giveBack(1)
            }
        }
    }
}
