internal import Outbox
internal import Synchronization

/// The calls of each calendar month, counted in memory and written now and then.
final class CallCounts: Sendable {
    /// Such as `2026-03`, in UTC.
    typealias Month = String

    private let environment: Environment
    private let state: Mutex<State>

    private struct State {
        var months: [Month: [CallKind: Int]]
        var areUnsaved = false
    }

    init(_ environment: Environment, saved months: [Month: [CallKind: Int]]) {
        self.environment = environment
        state = Mutex(State(months: months))
    }

    func count(_ call: CallKind) {
        let month = environment.now().month
        state.withLock {
            $0.months[month, default: [:]][call, default: 0] += 1
            $0.areUnsaved = true
        }
    }

    var thisMonth: [CallKind: Int] {
        let month = environment.now().month
        return state.withLock { $0.months[month] ?? [:] }
    }

    /// The first that is kept: the same month of the year before can still be compared.
    var oldestMonth: Month { (environment.now() + .seconds(-400 * 86_400)).month }

    var areUnsaved: Bool { state.withLock { $0.areUnsaved } }

    func takeUnsaved() -> [(month: Month, kind: CallKind, count: Int)] {
        let oldest = oldestMonth
        return state.withLock { state in
            state.months = state.months.filter { $0.key >= oldest }
            guard state.areUnsaved else { return [] }
            state.areUnsaved = false
            return state.months.flatMap { month, calls in
                calls.map { (month, $0.key, $0.value) }
            }
        }
    }

    /// What was taken has not come to the disk.
    func keepUnsaved() { state.withLock { $0.areUnsaved = !$0.months.isEmpty } }
}

extension Timestamp {
    fileprivate var month: CallCounts.Month { String(description.prefix(7)) }
}
