public import Outbox

extension SQLiteOutbox: ThreadStore {
    // MARK: Conversations

    @discardableResult
    public func observe(_ observation: Observation) async throws(StoreError) -> Bool {
        try await queue.write { try $0.observe(observation) }
    }

    public func live(after: ConversationID?, limit: Int) async throws(StoreError) -> [LiveRecord] {
        try await reader.live(after: after, limit: limit)
    }

    public func recreateDue(
        limit: Int
    ) async throws(StoreError) -> (count: Int, nextDue: Timestamp?) {
        try await queue.write { try $0.recreateDue(limit: limit) }
    }

    // MARK: Answering

    public func write(_ message: AgentMessage) async throws(StoreError) -> Acceptance {
        try await queue.write { try $0.write(message) }
    }

    public func dismiss(
        _ thread: ThreadName, because reason: String, seen: MessageID?, by actor: String
    ) async throws(StoreError) {
        try await queue.write {
            try $0.dismiss(thread, because: reason, seen: seen, by: actor)
        }
    }

    public func recreate(_ thread: ThreadName, by actor: String) async throws(StoreError) {
        try await queue.write { try $0.recreate(thread, by: actor) }
    }

    public func close(_ thread: ThreadName, by actor: String) async throws(StoreError) {
        try await queue.write { try $0.close(thread, by: actor) }
    }

    public func audit(
        _ record: AuditRecord, in thread: ThreadName
    ) async throws(StoreError) {
        try await queue.write { try $0.audit(record, in: thread) }
    }

    // MARK: Reading

    public func transcript(of thread: ThreadName) async throws(StoreError) -> Transcript {
        try await reader.transcript(of: thread)
    }

    public func thread(of conversation: String) async throws(StoreError) -> ThreadName {
        try await reader.thread(of: conversation)
    }

    public func threads(
        of customer: String, in shop: ShopName, limit: Int
    ) async throws(StoreError) -> [ThreadSummary] {
        try await reader.threads(of: customer, in: shop, limit: limit)
    }

    public func concerns(limit: Int) async throws(StoreError) -> [Concern] {
        try await reader.concerns(limit: limit)
    }

    public func audits(of thread: ThreadName) async throws(StoreError) -> [AuditRecord] {
        try await reader.audits(of: thread)
    }

    public func census(
        after place: CensusPlace, limit: Int
    ) async throws(StoreError) -> CensusPage {
        try await reader.census(after: place, limit: limit)
    }
}
