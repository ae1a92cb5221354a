import NIOCore
import Synchronization

/// The connections that stand.
final class Connections: Sendable {
    private struct State {
        var count = 0
        var open: [Int: any Channel] = [:]
        /// Those that have spoken to `/sandbox`.
        var controlling: Set<Int> = []
        var isEnded = false
    }

    private let state = Mutex(State())

    /// Numbers a connection, counting from 1; `nil` once all was ended.
    func add(_ channel: any Channel) -> Int? {
        let number: Int? = state.withLock { state in
            guard !state.isEnded else { return nil }
            state.count += 1
            state.open[state.count] = channel
            return state.count
        }
        if let number {
            channel.closeFuture.whenComplete { _ in self.remove(number) }
        }
        return number
    }

    /// Keeps a connection from being reset with the others.
    func markControlling(_ number: Int) {
        state.withLock { _ = $0.controlling.insert(number) }
    }

    /// Resets every connection that the controller is not on.
    func reset() {
        let channels = state.withLock { state in
            state.open.filter { !state.controlling.contains($0.key) }.values.map(\.self)
        }
        for channel in channels {
            channel.triggerUserOutboundEvent(SocketEvent.reset, promise: nil)
        }
    }

    /// Closes every connection, those that are still to come among them; returns those that stood.
    @discardableResult
    func end() -> [any Channel] {
        let channels = state.withLock { state in
            state.isEnded = true
            return state.open.values.map(\.self)
        }
        for channel in channels {
            channel.close(promise: nil)
        }
        return channels
    }

    private func remove(_ number: Int) {
        state.withLock { state in
            state.open[number] = nil
            state.controlling.remove(number)
        }
    }
}
