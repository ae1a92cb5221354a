import Outbox

extension Environment {
    /// Whether the work is done within that time; it goes on by itself where it is not.
    func completes(_ work: @escaping @Sendable () async -> Void, within time: Duration) async
        -> Bool
    {
        let (ends, end) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let alarm = alarm { end.yield(false) }
        alarm.set(uptime() + time)
        Task {
            await work()
            end.yield(true)
        }
        for await isDone in ends {
            alarm.set(nil)
            return isDone
        }
        return false
    }
}
