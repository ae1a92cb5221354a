/// When to ask the store for due looks, and which are under way.
struct LookSchedule: Sendable {
    /// They are reads with a small share of the pace: few at once are enough.
    static let atOnce = 4

    /// At the beginning nothing is known: the store is asked.
    private(set) var nextAt: Duration? = .zero
    var underWay: [EntryID: Task<Void, Never>] = [:]

    var room: Int { Self.atOnce - underWay.count }

    /// There may be one then.
    mutating func expect(at uptime: Duration) {
        nextAt = nextAt.map { min($0, uptime) } ?? uptime
    }

    /// The store was asked: there is none before then.
    mutating func settle(on uptime: Duration?) { nextAt = uptime }
}
