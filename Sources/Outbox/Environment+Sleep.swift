extension Environment {
    /// Waits until the uptime has come.
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(until uptime: Duration) async throws {
        try Task.checkCancellation()
        let (rings, bell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let alarm = alarm { bell.yield() }
        alarm.set(uptime)
        for await _ in rings {
            alarm.set(nil)
            return
        }
        throw CancellationError()
    }
}
