import Outbox
import Synchronization

/// Values that are good for a while; beyond a number, the oldest go.
final class Cache<Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        var value: Value
        /// From then on it is used no more.
        var expiresAt: Duration
    }

    private let lifetime: Duration
    private let capacity: Int
    private let environment: Environment
    private let entries = Mutex<[String: Entry]>([:])

    init(lifetime: Duration, capacity: Int, environment: Environment) {
        self.lifetime = lifetime
        self.capacity = capacity
        self.environment = environment
    }

    subscript(key: String) -> Value? {
        let now = environment.uptime()
        return entries.withLock { entries in
            guard let entry = entries[key], now < entry.expiresAt else { return nil }
            return entry.value
        }
    }

    func keep(_ value: Value, for key: String) {
        let entry = Entry(value: value, expiresAt: environment.uptime() + lifetime)
        entries.withLock { entries in
            entries[key] = entry
            guard entries.count > capacity else { return }
            let oldest = entries.min { $0.value.expiresAt < $1.value.expiresAt }
            if let oldest { entries[oldest.key] = nil }
        }
    }
}
