import Foundation
import Synchronization

/// A clock that stands until it is moved.
final class ManualClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

    func now() -> Date {
        time.withLock { $0 }
    }

    func move(by seconds: Double) {
        time.withLock { $0 += seconds }
    }
}
