internal import Synchronization

/// Tells whoever listens that something was committed; what was, they read for themselves.
final class Ticks: Sendable {
    private let listeners = Mutex(Listeners())

    private struct Listeners {
        var next = 0
        var continuations: [Int: AsyncStream<Void>.Continuation] = [:]
        var isFinished = false
    }

    func stream() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        continuation.yield()
        let number = listeners.withLock { listeners in
            listeners.next += 1
            if !listeners.isFinished { listeners.continuations[listeners.next] = continuation }
            return listeners.isFinished ? nil : listeners.next
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.listeners.withLock { $0.continuations.removeValue(forKey: number) }
        }
        return stream
    }

    func tick() {
        for continuation in listeners.withLock({ Array($0.continuations.values) }) {
            continuation.yield()
        }
    }

    func finish() {
        let continuations = listeners.withLock { listeners in
            defer { listeners.continuations = [:] }
            listeners.isFinished = true
            return listeners.continuations
        }
        for continuation in continuations.values { continuation.finish() }
    }
}
