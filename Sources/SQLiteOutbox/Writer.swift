internal import GRDB
internal import Outbox

/// The writing connection's side of each operation: its statements, and what it remembers between them.
///
/// Not safe to share: it is used on the connection's queue only, within a transaction. An operation that
/// throws a `StoreError` has written nothing.
final class Writer {
    let sql: Statements
    let threads: ThreadStatements
    let desk: DeskStatements
    let aftercare: Aftercare
    let environment: Environment
    let clocks: Clocks
    private let calls: CallCounts
    /// No change gets this number or a lower one.
    let floor: Int64
    private var identifiers: IdentifierSource
    private var keptAt: Duration

    // What a rollback undoes.
    private var shops: [ShopName: Int64] = [:]
    private var routes: [Route: Int64] = [:]
    private var lastChange: Int64?
    private var entryCounts: [Count: Int] = [:]
    /// Entries more that wait to be sent to Genesys.
    private var waiting = 0
    private var threadCounts: [Count: Int] = [:]
    private var concernCounts: [Int: Int] = [:]
    var hasClaimed = false

    /// What was seen of conversations that nobody has named yet.
    var strangers = Strangers()

    private struct Count: Hashable {
        let owner: Int64
        let state: Int
    }

    init(
        _ database: Database, _ environment: Environment, _ clocks: Clocks, _ calls: CallCounts,
        _ aftercare: Aftercare, floor: Int64
    ) throws {
        let sql = try Statements(database)
        self.sql = sql
        threads = try ThreadStatements(database)
        desk = try DeskStatements(database)
        self.aftercare = aftercare
        self.environment = environment
        self.clocks = clocks
        self.calls = calls
        self.floor = floor
        identifiers = IdentifierSource(after: try sql.lastNumber.first { $0.integer(0) } ?? 0)
        keptAt = environment.uptime()
    }

    // MARK: Names

    func existingShop(_ name: ShopName) throws -> Int64? {
        if let known = shops[name] { return known }
        let found = try sql.findShop.first(name.description) { $0.integer(0) }
        shops[name] = found
        return found
    }

    func shop(_ name: ShopName) throws -> Int64 {
        if let existing = try existingShop(name) { return existing }
        let made = try sql.insertShop.insert(name.description)
        shops[name] = made
        return made
    }

    func existingRoute(_ route: Route) throws -> Int64? {
        if let known = routes[route] { return known }
        let found = try sql.findRoute.first(
            route.destination.description, route.name.description
        ) { $0.integer(0) }
        routes[route] = found
        return found
    }

    func route(_ route: Route) throws -> Int64 {
        if let existing = try existingRoute(route) { return existing }
        let made = try sql.insertRoute.insert(
            route.destination.description, route.name.description,
            clocks.reached(route).milliseconds)
        routes[route] = made
        return made
    }

    // MARK: Records

    func nextNumber(at now: Timestamp) -> Int64 {
        identifiers.next(at: now, chance: UInt32(environment.chance() * 0x10_0000))
    }

    func nextChange() throws -> Int64 {
        let last = try lastChange ?? max(floor, newestChange())
        lastChange = last
        return last + 1
    }

    /// Zero in a store that has none.
    func newestChange() throws -> Int64 { try sql.lastChange.first { $0.integer(0) } ?? 0 }

    func recordChange(
        of entry: EntryID, to state: EntryState, at now: Timestamp, reason: String?, actor: String?
    ) throws {
        let sequence = try nextChange()
        try sql.insertChange.run(
            sequence, entry.rawValue, state.rawValue, now.milliseconds, reason, actor)
        lastChange = sequence
    }

    /// - Parameters:
    ///   - old: `nil` for one that is new.
    ///   - new: `nil` for one that is dropped.
    func countEntry(
        of route: Int64, to destination: DestinationName, from old: EntryState? = nil,
        _ new: EntryState? = nil
    ) {
        for (state, difference) in [(old, -1), (new, 1)] {
            guard let state else { continue }
            entryCounts[Count(owner: route, state: state.rawValue), default: 0] += difference
            let isWaiting = state == .pending || state == .sending
            if isWaiting, destination == .genesys { waiting += difference }
        }
    }

    /// - Parameters: as of an entry.
    func countThread(of shop: Int64, from old: Int? = nil, to new: Int? = nil) {
        if let old { threadCounts[Count(owner: shop, state: old), default: 0] -= 1 }
        if let new { threadCounts[Count(owner: shop, state: new), default: 0] += 1 }
    }

    func countConcern(_ kind: Concern.Kind, by difference: Int) {
        concernCounts[kind.rawValue, default: 0] += difference
    }

    // MARK: Transactions

    /// Writes what is written once for all operations of a transaction.
    func finish(hasChanged: Bool) throws {
        for (count, n) in entryCounts where n != 0 {
            try sql.countEntries.run(count.owner, count.state, n)
        }
        for (count, n) in threadCounts where n != 0 {
            try sql.countThreads.run(count.owner, count.state, n)
        }
        for (kind, n) in concernCounts where n != 0 {
            try threads.countConcerns.run(kind, n)
        }
        let isTime = environment.uptime() - keptAt >= .seconds(30)
        if isTime, hasChanged || calls.areUnsaved { try keepMemory() }
    }

    /// Keeps the clocks and the counted calls, now and then: a crash loses what they have gone since.
    func keepMemory() throws {
        for (route, reached) in clocks.reached {
            try sql.saveReached.run(
                reached.milliseconds, route.destination.description, route.name.description)
        }
        try sql.saveMeta.run(Meta.dueClock, String(clocks.due().milliseconds))
        for call in calls.takeUnsaved() {
            try sql.saveCalls.run(call.month, call.kind.rawValue, call.count)
        }
        try sql.dropCalls.run(calls.oldestMonth)
        keptAt = environment.uptime()
    }

    /// Takes leave of a transaction that is on the disk.
    /// - Returns: how many more entries wait to be sent to Genesys, and the newest change if something was claimed.
    func commit() -> (waiting: Int, claimed: Int64?) {
        defer {
            entryCounts.removeAll(keepingCapacity: true)
            threadCounts.removeAll(keepingCapacity: true)
            concernCounts.removeAll(keepingCapacity: true)
            waiting = 0
            hasClaimed = false
        }
        return (waiting, hasClaimed ? lastChange : nil)
    }

    /// Forgets what the rolled back transaction had taught.
    func rollBack() {
        shops = [:]
        routes = [:]
        lastChange = nil
        entryCounts = [:]
        threadCounts = [:]
        concernCounts = [:]
        waiting = 0
        hasClaimed = false
        calls.keepUnsaved()
    }

    /// - Returns: `nil` where it is the rows that cannot be read, and not the disk.
    func readable<Value>(_ read: () throws -> Value?) throws -> Value? {
        do {
            return try read()
        } catch {
            guard case .ofOne = StorageFailure(error) else { throw error }
            return nil
        }
    }
}

/// The names of the single values a store keeps.
enum Meta {
    static let dueClock = "due clock"
    static let organization = "organization"
    static let provider = "provider"
    /// There while the entries of a restored copy are being put in doubt.
    static let restored = "restored"
    /// What links to files are signed with, in hexadecimal digits.
    static let linkKey = "link key"
}
