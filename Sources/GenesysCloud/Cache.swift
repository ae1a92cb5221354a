import Outbox
import Synchronization

/// Values that are good for a while; beyond a number, the oldest go.
final class Cache<Value: Sendable>: Sendable {
    private let lifetime: Duration
    private let environment: Environment
    private let values: Mutex<ExpiringValues<String, Value>>

    init(lifetime: Duration, capacity: Int, environment: Environment) {
        self.lifetime = lifetime
        self.environment = environment
        values = Mutex(ExpiringValues(most: capacity))
    }

    subscript(key: String) -> Value? {
        values.withLock { $0.value(of: key, at: environment.uptime()) }
    }

    func keep(_ value: Value, for key: String) {
        values.withLock { $0.keep(value, of: key, for: lifetime, at: environment.uptime()) }
    }
}
