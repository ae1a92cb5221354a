public import Outbox
import Synchronization

extension MemoryOutbox: ThreadStore {
    @discardableResult
    public func observe(_ observation: Observation) async throws(StoreError) -> Bool {
        try change { books throws(StoreError) in books.observe(observation) }
    }

    public func live(after: ConversationID?, limit: Int) async throws(StoreError) -> [LiveRecord] {
        books.withLock { books in
            books.conversations
                .filter {
                    $0.value.observation.stage.isLive && $0.key > after ?? .init(rawValue: -1)
                }
                .sorted { $0.key < $1.key }.prefix(limit).map { id, stored in
                    LiveRecord(
                        id: id, reference: stored.observation.reference,
                        stage: stored.observation.stage, queue: stored.observation.queue)
                }
        }
    }

    public func recreateDue(
        limit: Int
    ) async throws(StoreError) -> (count: Int, nextDue: Timestamp?) {
        try change { books throws(StoreError) in books.recreateDue(limit: limit) }
    }

    public func write(_ message: AgentMessage) async throws(StoreError) -> Acceptance {
        try change { books throws(StoreError) in try books.write(message) }
    }

    public func dismiss(
        _ thread: ThreadName, because reason: String, seen: MessageID?, by actor: String
    ) async throws(StoreError) {
        try change { books throws(StoreError) in
            try books.dismiss(thread, because: reason, seen: seen, by: actor)
        }
    }

    public func recreate(_ thread: ThreadName, by actor: String) async throws(StoreError) {
        try change { books throws(StoreError) in try books.recreate(thread, by: actor) }
    }

    public func close(_ thread: ThreadName, by actor: String) async throws(StoreError) {
        try change { books throws(StoreError) in try books.close(thread, by: actor) }
    }

    public func audit(_ record: AuditRecord, in thread: ThreadName) async throws(StoreError) {
        try change { books throws(StoreError) in
            books.audits.append((try books.existing(thread), record))
        }
    }

    public func transcript(of thread: ThreadName) async throws(StoreError) -> Transcript {
        try read { books throws(StoreError) in try books.transcript(of: thread) }
    }

    public func thread(of conversation: String) async throws(StoreError) -> ThreadName {
        try read { books throws(StoreError) in
            let found = books.conversations.values.first {
                $0.observation.reference == conversation
            }
            guard let found else { throw .notFound }
            return books.name(found.thread)
        }
    }

    public func threads(
        of customer: String, in shop: ShopName, limit: Int
    ) async throws(StoreError) -> [ThreadSummary] {
        books.withLock { $0.threads(of: customer, in: shop, limit: limit) }
    }

    public func concerns(limit: Int) async throws(StoreError) -> [Concern] {
        books.withLock { books in
            Array(
                books.concerns.sorted {
                    ($0.since, books.id($0), $0.kind.rawValue, $0.entry?.rawValue ?? 0)
                        < ($1.since, books.id($1), $1.kind.rawValue, $1.entry?.rawValue ?? 0)
                }.prefix(limit))
        }
    }

    public func audits(of thread: ThreadName) async throws(StoreError) -> [AuditRecord] {
        try read { books throws(StoreError) in
            let thread = try books.existing(thread)
            return books.audits.filter { $0.thread == thread }.map(\.record)
        }
    }

    public func census(
        after place: CensusPlace, limit: Int
    ) async throws(StoreError) -> CensusPage {
        books.withLock { $0.census(after: place, limit: limit) }
    }

    func read<Value: Sendable>(
        _ body: (borrowing Books) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        let result = books.withLock { books -> Result<Value, StoreError> in
            do throws(StoreError) { return .success(try body(books)) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

extension Books {
    fileprivate func id(_ concern: Concern) -> Int64 {
        threads[Thread(shop: concern.thread.shop, key: concern.thread.key)]?.id ?? 0
    }
}
