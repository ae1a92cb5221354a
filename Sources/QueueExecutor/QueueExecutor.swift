public import Dispatch

/// Runs an actor's jobs on one serial Dispatch queue.
///
/// Dispatch sources made on `queue` can then enter the actor with `assumeIsolated`. Linux has no
/// `DispatchSerialQueue` (swift-corelibs-libdispatch #848).
public final class QueueExecutor: SerialExecutor {
    public let queue: DispatchQueue

    public init(label: String) {
        queue = DispatchQueue(label: label)
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    public func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }

    /// Returns once the queue has run a block submitted after this call; a watchdog's question.
    ///
    /// Ignores cancellation: on a stalled queue it returns when the queue moves again.
    public func answers() async {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume() }
        }
    }
}
