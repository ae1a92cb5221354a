import NIOCore

/// Runs a connection's tasks where its bytes come and go: on its event loop.
///
/// On the executor that tasks share otherwise, each part of a request would be handed from thread to thread
/// and back.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
