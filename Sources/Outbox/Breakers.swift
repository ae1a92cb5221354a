public import Logging
import Synchronization

/// The breakers of one destination, one for each kind of call, so that a look-up that is refused
/// never stops a creation.
public final class Breakers: Sendable {
    private let destination: DestinationName
    private let breakers = Mutex<[CallKind: Breaker]>([:])
    private let environment: Environment
    private let logger: Logger

    public init(_ destination: DestinationName, environment: Environment, logger: Logger) {
        self.destination = destination
        self.environment = environment
        self.logger = logger
    }

    public func admission(_ kind: CallKind) -> Gate.Admission {
        breakers.withLock { $0[kind]?.admission(at: environment.uptime()) } ?? .open
    }

    /// Whether a call may be made now; the one that is let through an open breaker is its probe, and has to
    /// be told of.
    public func admit(_ kind: CallKind) -> Bool {
        breakers.withLock { breakers in
            switch breakers[kind]?.admission(at: environment.uptime()) {
            case nil, .open: return true
            case .probe:
                breakers[kind]?.beginProbe()
                return true
            case .closed: return false
            }
        }
    }

    public func nextProbe(_ kind: CallKind) -> Duration? {
        breakers.withLock { $0[kind]?.nextProbe(after: environment.uptime()) }
    }

    public func succeed(_ kind: CallKind) {
        let resumed = change(kind) { $0.succeed(at: $1) }
        if resumed {
            logger.notice("calls resumed", metadata: metadata(kind))
        }
    }

    public func fail(_ kind: CallKind, _ reason: String) {
        if change(kind, { $0.fail(reason, at: $1) }) { tell(kind) }
    }

    /// Stops calls of this kind at once, for a reason that concerns all of them.
    public func trip(_ kind: CallKind, _ reason: String) {
        if change(kind, { $0.trip(reason, at: $1) }) { tell(kind) }
    }

    /// The call taught nothing of its kind.
    public func abandon(_ kind: CallKind) {
        _ = change(kind) { breaker, uptime in
            breaker.abandonProbe(at: uptime)
            return false
        }
    }

    /// Why calls of this kind are stopped; `nil` while they are made.
    public func status(_ kind: CallKind) -> RelayStatus.Closure? {
        breakers.withLock { $0[kind]?.status(at: environment.uptime()) }
    }

    /// Whether they are stopped for a reason that concerns all calls of this kind.
    public func isTripped(_ kind: CallKind) -> Bool {
        breakers.withLock { $0[kind]?.isTripped ?? false }
    }

    private func change(_ kind: CallKind, _ body: (inout Breaker, Duration) -> Bool) -> Bool {
        breakers.withLock { body(&$0[kind, default: Breaker()], environment.uptime()) }
    }

    private func tell(_ kind: CallKind) {
        logger.error(
            "calls stopped",
            metadata: metadata(kind).merging([
                "reason": "\(status(kind)?.reason ?? "")",
                "next": "one is tried after 30 s, then after twice as long each time up to 5 min",
            ]) { $1 })
    }

    private func metadata(_ kind: CallKind) -> Logger.Metadata {
        ["destination": "\(destination)", "calls": "\(kind)"]
    }
}
