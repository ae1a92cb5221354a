internal import GRDB
internal import Outbox

extension Reader {
    func page(
        of name: ThreadName, before: MessageID?, limit: Int, horizon: MessageID? = nil,
        _ database: Database
    ) throws -> TranscriptPage {
        let id = try find(name, database)
        let limit = min(max(limit, 1), 500)
        let end = horizon?.rawValue ?? .max
        let messages = try Statement(database, DeskQuery.page).all(
            id, min(before?.rawValue ?? .max, end), limit + 1
        ) { try LineSelection.line(from: $0, lead: clocks.lead) }
        let question = try question(of: id, before: end, database)
        return TranscriptPage(
            summary: try summary(of: id, database),
            customer: try Statement(database, DeskQuery.customer).first(id) {
                $0.optionalText(0)
            } ?? nil,
            messages: messages.prefix(limit).reversed(), hasOlder: messages.count > limit,
            question: question?.id,
            about: try order(of: id, before: end, database) ?? question?.message,
            conversations: try Statement(database, DeskQuery.conversations).all(
                id, end, read: StoredConversation.init
            ).reversed().map(\.record),
            linked: try linked(to: id, before: end, database))
    }

    func question(of name: ThreadName, _ database: Database) throws -> Message? {
        try question(of: try find(name, database), database)?.message
    }

    func horizon(of conversation: String, _ database: Database) throws -> MessageID? {
        try Statement(database, DeskQuery.horizon).first(conversation) {
            MessageID(rawValue: $0.integer(0))
        }
    }

    func beginning(of conversation: String, _ database: Database) throws -> MessageID? {
        try Statement(database, DeskQuery.beginning).first(conversation) {
            MessageID(rawValue: $0.integer(0))
        }
    }

    func neighbours(
        of conversation: String, _ database: Database
    ) throws -> ConversationNeighbours {
        func records(_ query: String) throws -> [ConversationRecord] {
            try Statement(database, query).all(conversation) { StoredConversation($0).record }
        }
        return ConversationNeighbours(
            earlier: try records(DeskQuery.earlier).reversed(),
            later: try records(DeskQuery.later))
    }

    private func question(
        of thread: Int64, before end: Int64 = .max, _ database: Database
    ) throws -> (id: MessageID, message: Message?)? {
        try Statement(database, DeskQuery.question).first(thread, end) {
            (MessageID(rawValue: $0.integer(0)), try? Message(payload: $0.bytes(1)))
        }
    }

    /// The newest message with an order.
    private func order(
        of thread: Int64, before end: Int64, _ database: Database
    ) throws -> Message? {
        try Statement(database, DeskQuery.questions).find(thread, end) { row in
            guard let message = try? Message(payload: row.bytes(0)), message.order != nil else {
                return nil
            }
            return message
        }
    }

    private func linked(
        to thread: Int64, before end: Int64, _ database: Database
    ) throws -> [LinkedConversation] {
        try Statement(database, DeskQuery.linked).all(thread, end) { row in
            LinkedConversation(
                reference: row.text(0), to: row.text(1), subject: row.text(2),
                agent: Agent(id: row.text(3), name: row.optionalText(4)), at: row.timestamp(5))
        }.reversed()
    }

    func mark(of name: ThreadName, _ database: Database) throws -> String {
        let id = try find(name, database)
        let parts = try Statement(database, DeskQuery.mark).first(id) { row in
            (0..<5).map { row.text($0) }
        }
        return (parts ?? []).joined(separator: "-")
    }

    func threads(
        _ list: ThreadList, after: ThreadPlace?, limit: Int, _ database: Database
    ) throws -> [ThreadRow] {
        try Statement(database, DeskQuery.threads(list)).all(
            after?.since.milliseconds ?? .min, after?.thread ?? 0, max(limit, 0)
        ) { (ThreadPlace(since: $0.timestamp(1), thread: $0.integer(0)), $0.optionalText(2)) }
        .map { try row(at: $0, because: $1, database) }
    }

    private func row(
        at place: ThreadPlace, because reason: String?, _ database: Database
    ) throws -> ThreadRow {
        let question = try question(of: place.thread, database)
        let route = try question.flatMap {
            try Statement(database, DeskQuery.route).first($0.id.rawValue) { RouteName($0.text(0)) }
        }
        return ThreadRow(
            place: place, summary: try summary(of: place.thread, database),
            message: question?.message,
            conversation: try conversation(of: place.thread, database)?.record,
            conversations: try Statement(database, DeskQuery.conversations)
                .all(place.thread, Int64.max) { StoredConversation($0).observation.reference }
                .reversed(),
            route: route,
            reason: reason)
    }

    func drafts(in name: ThreadName, _ database: Database) throws -> [Draft] {
        let id = try find(name, database)
        let files = try Statement(database, DeskQuery.filesOfDraft)
        return try Statement(database, DeskQuery.drafts).all(id) { row in
            Draft(
                thread: name, conversation: row.text(1),
                agent: Agent(id: row.text(2), name: row.optionalText(3)),
                kind: AgentMessage.Kind(rawValue: row.text(4)) ?? .note, body: row.text(5),
                files: try files.all(row.integer(0)) { FileID(rawValue: $0.integer(0)) },
                at: row.timestamp(6))
        }
    }

    func file(_ id: FileID, _ database: Database) throws -> KeptFile {
        let found = try Statement(database, DeskQuery.file).first(
            id.rawValue, read: StoredFile.init)
        guard let found, found.isComplete else { throw StoreError.notFound }
        return found.file
    }

    func part(_ number: Int, of file: FileID, _ database: Database) throws -> [UInt8] {
        try Statement(database, DeskQuery.part).first(file.rawValue, number) { $0.bytes(0) } ?? []
    }

    func login(under key: [UInt8], _ database: Database) throws -> [UInt8]? {
        try Statement(database, DeskQuery.login).first(key, clocks.wall().milliseconds) {
            $0.bytes(0)
        }
    }
}
