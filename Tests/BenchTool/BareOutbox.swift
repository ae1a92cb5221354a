import Crypto
import ExactJSON
import Outbox

/// A message as it comes to the rows, read beforehand.
struct BareRow {
    let key: String
    let thread: String
    let customer: String
    let digest: [UInt8]
    let payload: [UInt8]

    init(_ message: SampleMessage) throws {
        let body = message.body
        let posting = try Posting(json: try JSON(parsing: body))
        key = message.key
        customer = posting.message.customer.key ?? ""
        thread = "order:\(posting.message.order?.id ?? "")"
        digest = Array(SHA256.hash(data: body))
        payload = posting.message.payload
    }
}

/// The rows of an accept, written by the statements of the store's own accept into the store's own tables,
/// with nothing else around them.
final class BareOutbox {
    private let database: BareSQLite
    private let findKey, findThread, insertThread, insertMessage,
        insertPayload: BareStatement
    private let findLane, insertLane, insertEntry, insertChange, countEntries,
        countThreads: BareStatement
    private var lastNumber: Int64
    private var lastChange: Int64
    private let shop: Int64
    private let route: Int64

    /// - Parameter path: of a store that the bridge has made.
    init(_ path: String, isDurable: Bool) {
        database = BareSQLite(
            path,
            pragmas: [
                "journal_mode = WAL", "synchronous = \(isDurable ? "FULL" : "OFF")",
                "cache_size = -16000", "mmap_size = 0", "wal_autocheckpoint = 4000",
                "journal_size_limit = 67108864",
            ])
        let prepare = database.prepare
        findKey = prepare(
            """
            SELECT m.id, m.digest, t.key
            FROM message m CROSS JOIN thread t ON t.id = m.thread
            WHERE m.shop = ? AND m.key = ?
            """)
        findThread = prepare("SELECT id, awaiting FROM thread WHERE shop = ? AND key = ?")
        insertThread = prepare(
            """
            INSERT INTO thread (shop, key, awaiting, awaiting_since, customer)
            VALUES (?, ?, ?, ?, ?)
            """)
        insertMessage = prepare(
            """
            INSERT INTO message (id, thread, direction, shop, key, digest)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        insertPayload = prepare("INSERT INTO payload (message, body) VALUES (?, ?)")
        findLane = prepare(
            "SELECT id, head, held FROM lane WHERE thread = ? AND destination = ? AND kind = 0")
        insertLane = prepare(
            """
            INSERT INTO lane (thread, destination, kind, held, head, route, urgency, due_at)
            VALUES (?, ?, 0, 0, ?, ?, 0, ?)
            """)
        insertEntry = prepare(
            """
            INSERT INTO entry (id, message, lane, route, position, state, urgency, due_at,
              reach_base, attempts, tries)
            VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?, 0, 0)
            """)
        insertChange = prepare(
            "INSERT INTO change (sequence, entry, state, at, reason, actor) VALUES (?, ?, ?, ?, ?, ?)"
        )
        countEntries = prepare(
            """
            INSERT INTO entry_count (route, state, n) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET n = n + excluded.n
            """)
        countThreads = prepare(
            """
            INSERT INTO thread_count (shop, awaiting, n) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET n = n + excluded.n
            """)
        database.execute("INSERT OR IGNORE INTO shop (name) VALUES ('default')")
        database.execute(
            """
            INSERT OR IGNORE INTO route (destination, name, reached) VALUES ('genesys', 'default', 0)
            """)
        shop = prepare("SELECT id FROM shop WHERE name = 'default'").first() ?? 0
        route = prepare("SELECT id FROM route WHERE name = 'default'").first() ?? 0
        lastNumber = prepare("SELECT max(id) FROM message").first() ?? 0
        lastChange = prepare("SELECT max(sequence) FROM change").first() ?? 0
    }

    /// Writes rows as the accept of a message does, so many to a commit.
    ///
    /// - Parameter time: when the first of them came, in milliseconds since 1970; a millisecond for each.
    func accept(_ rows: some Collection<BareRow>, toACommit size: Int, from time: Int64) {
        var now = time
        var rest = rows[...]
        while !rest.isEmpty {
            database.execute("BEGIN IMMEDIATE")
            for row in rest.prefix(size) {
                accept(row, at: now)
                now += 1
            }
            count(rest.prefix(size).count)
            database.execute("COMMIT")
            rest = rest.dropFirst(size)
        }
    }

    private func accept(_ row: BareRow, at now: Int64) {
        guard findKey.bind(shop).bind(row.key).first() == nil else { return }
        lastNumber = max(lastNumber + 1, now << 20 | 0x8_0000)
        lastChange += 1
        let number = lastNumber
        var thread = findThread.bind(shop).bind(row.thread).first() ?? 0
        if thread == 0 {
            insertThread.bind(shop).bind(row.thread).bind(1).bind(now).bind(row.customer).run()
            thread = database.lastRow
        }
        insertMessage.bind(number).bind(thread).bind(0).bind(shop).bind(row.key).bind(row.digest)
            .run()
        insertPayload.bind(number).bind(row.payload).run()
        var lane = findLane.bind(thread).bind("genesys").first() ?? 0
        if lane == 0 {
            insertLane.bind(thread).bind("genesys").bind(number).bind(route).bind(now).run()
            lane = database.lastRow
        }
        insertEntry.bind(number).bind(number).bind(lane).bind(route).bind(number).bind(now).bind(0)
            .run()
        insertChange.bind(lastChange).bind(number).bind(0).bind(now).bindNull().bindNull().run()
    }

    private func count(_ messages: Int) {
        countEntries.bind(route).bind(0).bind(Int64(messages)).run()
        countThreads.bind(shop).bind(1).bind(Int64(messages)).run()
    }

    /// Makes all that waits look as if it had been delivered, answered and ended when it came.
    func settle() {
        database.execute(
            """
            BEGIN IMMEDIATE;
            INSERT INTO attempt (entry, number, fence, started_at, ended_at, outcome, status)
              SELECT entry, 1, sequence + \(lastChange), at, at, 'delivered', 200 FROM change;
            INSERT INTO change (sequence, entry, state, at)
              SELECT sequence + \(lastChange), entry, 1, at FROM change WHERE state = 0;
            INSERT INTO change (sequence, entry, state, at)
              SELECT sequence + \(2 * lastChange), entry, 4, at FROM change WHERE state = 0;
            UPDATE entry SET state = 4, due_at = NULL, attempts = 1, tries = 1,
              fence = (SELECT fence FROM attempt WHERE entry = entry.id),
              reference = printf('%08x-0000-4000-8000-%012x', id & 0xfffff, id >> 20);
            INSERT INTO conversation (id, thread, reference, stage, since, accepted, ended)
              SELECT e.id, l.thread, e.reference, 4, 0, 1, 'agent'
              FROM entry e JOIN lane l ON l.id = e.lane;
            UPDATE thread SET awaiting = 2;
            UPDATE thread_count SET awaiting = 2;
            UPDATE lane SET head = NULL, route = NULL, urgency = NULL, due_at = NULL;
            UPDATE entry_count SET state = 4;
            COMMIT;
            PRAGMA wal_checkpoint(TRUNCATE);
            """)
    }
}
