public import Outbox
import Synchronization

extension MemoryOutbox: DeskStore {
    public func page(
        of thread: ThreadName, before: MessageID?, limit: Int, horizon: MessageID?
    ) async throws(StoreError) -> TranscriptPage {
        try read { books throws(StoreError) in
            try books.page(of: thread, before: before, limit: limit, horizon: horizon)
        }
    }

    public func question(of thread: ThreadName) async throws(StoreError) -> Message? {
        try read { books throws(StoreError) in
            books.question(of: try books.existing(thread)).flatMap { books.messages[$0]?.message }
        }
    }

    public func horizon(of conversation: String) async throws(StoreError) -> MessageID? {
        try read { books throws(StoreError) in books.horizon(of: conversation) }
    }

    public func beginning(of conversation: String) async throws(StoreError) -> MessageID? {
        try read { books throws(StoreError) in books.beginning(of: conversation) }
    }

    public func neighbours(
        of conversation: String
    ) async throws(StoreError) -> ConversationNeighbours {
        try read { books throws(StoreError) in books.neighbours(of: conversation) }
    }

    public func mark(of thread: ThreadName) async throws(StoreError) -> String {
        try read { books throws(StoreError) in try books.mark(of: thread) }
    }

    public func threads(
        _ list: ThreadList, after: ThreadPlace?, limit: Int
    ) async throws(StoreError) -> [ThreadRow] {
        try read { books throws(StoreError) in books.threads(list, after: after, limit: limit) }
    }

    public func withdraw(
        _ message: MessageID, in thread: ThreadName, by agent: String
    ) async throws(StoreError) -> Draft {
        try change { books throws(StoreError) in
            try books.withdraw(message, in: thread, by: agent)
        }
    }

    public func keep(_ draft: Draft) async throws(StoreError) {
        try change { books throws(StoreError) in try books.keep(draft) }
    }

    public func drafts(in thread: ThreadName) async throws(StoreError) -> [Draft] {
        try read { books throws(StoreError) in try books.drafts(in: thread) }
    }

    public func hand(
        _ draft: Draft, to agent: Agent, in conversation: String
    ) async throws(StoreError) -> Draft {
        try change { books throws(StoreError) in
            try books.hand(draft, to: agent, in: conversation)
        }
    }

    public func drop(_ draft: Draft) async throws(StoreError) {
        try change { books throws(StoreError) in books.drop(draft) }
    }

    public func begin(
        _ name: String, contentType: String, size: Int, in thread: ThreadName, by agent: String,
        room: Int
    ) async throws(StoreError) -> FileID {
        try change { books throws(StoreError) in
            try books.begin(
                name, contentType: contentType, size: size, in: thread, by: agent, room: room)
        }
    }

    public func append(
        _ bytes: [UInt8], number: Int, to file: FileID
    ) async throws(StoreError) {
        try change { books throws(StoreError) in
            try books.append(bytes, number: number, to: file)
        }
    }

    public func drop(_ file: FileID, by agent: String) async throws(StoreError) {
        try change { books throws(StoreError) in try books.drop(file, by: agent) }
    }

    public func file(_ id: FileID) async throws(StoreError) -> KeptFile {
        try read { books throws(StoreError) in try books.file(id) }
    }

    public func part(_ number: Int, of file: FileID) async throws(StoreError) -> [UInt8] {
        if number >= lostParts.withLock({ $0 }) { return [] }
        return try read { books throws(StoreError) in
            let parts = books.files[file]?.parts ?? []
            return parts.indices.contains(number) ? parts[number] : []
        }
    }

    public func linkKey() async throws(StoreError) -> [UInt8] { Array(1...32) }

    public func link(
        _ conversation: LinkedConversation, to thread: ThreadName
    ) async throws(StoreError) {
        if linksFail.withLock({ $0 }) { throw .unavailable("the disk is full") }
        try change { books throws(StoreError) in try books.link(conversation, to: thread) }
    }

    public func keep(
        login sealed: [UInt8], under key: [UInt8], until: Timestamp
    ) async throws(StoreError) {
        if loginsFail.withLock({ $0 }) { throw .unavailable("the disk is full") }
        try change { books throws(StoreError) in
            books.keep(login: sealed, under: key, until: until)
        }
    }

    public func login(under key: [UInt8]) async throws(StoreError) -> [UInt8]? {
        try read { books throws(StoreError) in
            books.logins[key].flatMap { $0.until > books.environment.now() ? $0.sealed : nil }
        }
    }

    public func dropLogin(under key: [UInt8]) async throws(StoreError) {
        try change { books throws(StoreError) in books.logins[key] = nil }
    }
}
