import Synchronization

/// True once.
final class First: Sendable {
    private let taken = Atomic(false)

    func take() -> Bool {
        !taken.exchange(true, ordering: .relaxed)
    }
}
