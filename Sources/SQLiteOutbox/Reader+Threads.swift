internal import GRDB
internal import Outbox

extension Reader {
    func live(after: ConversationID?, limit: Int) async throws(StoreError) -> [LiveRecord] {
        try await read { database in
            try Statement(database, ThreadQuery.live).all(after?.rawValue ?? -1, limit) { row in
                let conversation = StoredConversation(row)
                return LiveRecord(
                    id: ConversationID(rawValue: conversation.id),
                    reference: conversation.observation.reference,
                    stage: conversation.observation.stage,
                    queue: conversation.observation.queue)
            }
        }
    }

    func transcript(of name: ThreadName) async throws(StoreError) -> Transcript {
        try await read { database in
            let id = try find(name, database)
            let messages = try Statement(database, ThreadQuery.messages).all(id) {
                try LineSelection.line(from: $0, lead: clocks.lead)
            }
            return Transcript(
                summary: try summary(of: id, database), messages: messages,
                conversations: try Statement(database, ThreadQuery.conversations).all(
                    id, read: StoredConversation.init
                ).map(\.record))
        }
    }

    func thread(of conversation: String) async throws(StoreError) -> ThreadName {
        try await read { database in
            let found = try Statement(database, ThreadQuery.ofConversation).first(conversation) {
                ThreadName(ShopName($0.text(0)), ThreadKey($0.text(1)))
            }
            guard let found else { throw StoreError.notFound }
            return found
        }
    }

    func threads(
        of customer: String, in shop: ShopName, limit: Int
    ) async throws(StoreError) -> [ThreadSummary] {
        try await read { database in
            let ids = try Statement(database, ThreadQuery.ofCustomer).all(
                shop.description, customer, limit
            ) { $0.integer(0) }
            return try ids.map { try summary(of: $0, database) }
        }
    }

    func concerns(limit: Int) async throws(StoreError) -> [Concern] {
        try await read { database in
            try Statement(database, ThreadQuery.concerns).all(limit) { row in
                Concern(
                    kind: Concern.Kind(rawValue: Int(row.integer(0))) ?? .unanswered,
                    thread: ThreadName(ShopName(row.text(1)), ThreadKey(row.text(2))),
                    since: row.timestamp(3),
                    dueAt: row.optionalInteger(4).map {
                        Timestamp(milliseconds: $0) + (.zero - clocks.lead)
                    },
                    entry: row.integer(5) == 0 ? nil : EntryID(rawValue: row.integer(5)),
                    reason: row.text(6))
            }
        }
    }

    func audits(of name: ThreadName) async throws(StoreError) -> [AuditRecord] {
        try await read { database in
            let id = try find(name, database)
            return try Statement(database, ThreadQuery.audits).all(id) { row in
                AuditRecord(
                    at: row.timestamp(0),
                    action: AuditRecord.Action(rawValue: row.text(1)) ?? .read,
                    actor: row.text(2),
                    message: row.optionalInteger(3).map { MessageID(rawValue: $0) },
                    detail: row.optionalText(4))
            }
        }
    }

    func census(
        after place: CensusPlace, limit: Int
    ) async throws(StoreError) -> CensusPage {
        try await read { database in
            let page = try Statement(database, ThreadQuery.waiting).all(
                place.since.milliseconds, place.thread, limit
            ) { row in
                (
                    place: CensusPlace(since: row.timestamp(1), thread: row.integer(0)),
                    name: ThreadName(ShopName(row.text(2)), ThreadKey(row.text(3))),
                    isForgotten: row.integer(4) != 0
                )
            }
            return CensusPage(
                waiting: page.count, forgotten: page.filter(\.isForgotten).map(\.name),
                next: page.count < limit ? nil : page.last?.place)
        }
    }

    func find(_ name: ThreadName, _ database: Database) throws -> Int64 {
        let found = try Statement(database, ThreadQuery.named).first(
            name.shop.description, name.key.description
        ) { $0.integer(0) }
        guard let found else { throw StoreError.notFound }
        return found
    }

    /// The live one, else the last one.
    func conversation(of id: Int64, _ database: Database) throws -> StoredConversation? {
        let live = try Statement(database, ThreadQuery.liveOfThread).first(
            id, read: StoredConversation.init)
        return try live
            ?? Statement(database, ThreadQuery.lastOfThread).first(
                id, read: StoredConversation.init)
    }

    func summary(of id: Int64, _ database: Database) throws -> ThreadSummary {
        let last = try conversation(of: id, database)
        let found = try Statement(database, ThreadQuery.thread).first(id) { row in
            let awaiting = Awaiting(rawValue: Int(row.integer(2))) ?? .none
            let status = ThreadStatus(awaiting, last?.observation.stage)
            let turned = row.timestamp(3)
            // In a queue or with an agent it is since it came there, if the customer did not write later.
            let since = status == .waiting || status == .withAgent ? last?.since : nil
            return ThreadSummary(
                thread: ThreadName(ShopName(row.text(0)), ThreadKey(row.text(1))),
                status: status, since: max(turned, since ?? turned), awaiting: awaiting,
                conversation: last?.observation.reference)
        }
        guard let found else { throw StoreError.notFound }
        return found
    }
}
