import Dispatch
import Synchronization

/// An alarm on one Dispatch timer, which rings on a queue of the system's.
public final class DispatchAlarm: Alarm {
    // Activated at once and cancelled at the end, never suspended: releasing it otherwise traps.
    private let timer: Mutex<any DispatchSourceTimer>

    public init(ring: @escaping @Sendable () -> Void) {
        let timer = DispatchSource.makeTimerSource()
        timer.setEventHandler(handler: ring)
        timer.schedule(deadline: .distantFuture)
        timer.activate()
        self.timer = Mutex(timer)
    }

    deinit {
        timer.withLock { $0.cancel() }
    }

    public func set(_ uptime: Duration?) {
        let wait = uptime.map { max(.zero, $0 - Environment.live.uptime()) }
        timer.withLock { timer in
            // Rounded up: an alarm that rings early would find nothing due and ring again at once.
            let deadline = wait.map { DispatchTime.now() + .milliseconds(Int($0.milliseconds) + 1) }
            timer.schedule(deadline: deadline ?? .distantFuture)
        }
    }
}
