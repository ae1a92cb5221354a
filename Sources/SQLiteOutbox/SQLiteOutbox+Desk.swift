public import Outbox

extension SQLiteOutbox: DeskStore {
    // MARK: Reading

    public func page(
        of thread: ThreadName, before: MessageID?, limit: Int, horizon: MessageID?
    ) async throws(StoreError) -> TranscriptPage {
        try await reader.read { [reader] in
            try reader.page(of: thread, before: before, limit: limit, horizon: horizon, $0)
        }
    }

    public func question(of thread: ThreadName) async throws(StoreError) -> Message? {
        try await reader.read { [reader] in try reader.question(of: thread, $0) }
    }

    public func horizon(of conversation: String) async throws(StoreError) -> MessageID? {
        try await reader.read { [reader] in try reader.horizon(of: conversation, $0) }
    }

    public func beginning(of conversation: String) async throws(StoreError) -> MessageID? {
        try await reader.read { [reader] in try reader.beginning(of: conversation, $0) }
    }

    public func neighbours(
        of conversation: String
    ) async throws(StoreError) -> ConversationNeighbours {
        try await reader.read { [reader] in try reader.neighbours(of: conversation, $0) }
    }

    public func mark(of thread: ThreadName) async throws(StoreError) -> String {
        try await reader.read { [reader] in try reader.mark(of: thread, $0) }
    }

    public func threads(
        _ list: ThreadList, after: ThreadPlace?, limit: Int
    ) async throws(StoreError) -> [ThreadRow] {
        try await reader.read { [reader] in try reader.threads(list, after: after, limit: limit, $0)
        }
    }

    // MARK: Answers

    public func withdraw(
        _ message: MessageID, in thread: ThreadName, by agent: String
    ) async throws(StoreError) -> Draft {
        try await queue.write { try $0.withdraw(message, in: thread, by: agent) }
    }

    // MARK: Drafts

    public func keep(_ draft: Draft) async throws(StoreError) {
        try await queue.write(quietly: true) { try $0.keep(draft) }
    }

    public func drafts(in thread: ThreadName) async throws(StoreError) -> [Draft] {
        try await reader.read { [reader] in try reader.drafts(in: thread, $0) }
    }

    public func hand(
        _ draft: Draft, to agent: Agent, in conversation: String
    ) async throws(StoreError) -> Draft {
        try await queue.write(quietly: true) {
            try $0.hand(draft, to: agent, in: conversation)
        }
    }

    public func drop(_ draft: Draft) async throws(StoreError) {
        try await queue.write(quietly: true) { try $0.drop(draft) }
    }

    // MARK: Files

    public func begin(
        _ name: String, contentType: String, size: Int, in thread: ThreadName, by agent: String,
        room: Int
    ) async throws(StoreError) -> FileID {
        try await queue.write(quietly: true) {
            try $0.begin(
                name, contentType: contentType, size: size, in: thread, by: agent, room: room)
        }
    }

    public func append(
        _ bytes: [UInt8], number: Int, to file: FileID
    ) async throws(StoreError) {
        try await queue.write(quietly: true) { try $0.append(bytes, number: number, to: file) }
    }

    public func drop(_ file: FileID, by agent: String) async throws(StoreError) {
        try await queue.write(quietly: true) { try $0.drop(file, by: agent) }
    }

    public func file(_ id: FileID) async throws(StoreError) -> KeptFile {
        try await reader.read { [reader] in try reader.file(id, $0) }
    }

    public func part(_ number: Int, of file: FileID) async throws(StoreError) -> [UInt8] {
        try await reader.read { [reader] in try reader.part(number, of: file, $0) }
    }

    public func linkKey() async throws(StoreError) -> [UInt8] {
        try await queue.write(quietly: true) { try $0.linkKey() }
    }

    // MARK: Linked conversations

    public func link(
        _ conversation: LinkedConversation, to thread: ThreadName
    ) async throws(StoreError) {
        try await queue.write { try $0.link(conversation, to: thread) }
    }

    // MARK: Logins

    public func keep(
        login sealed: [UInt8], under key: [UInt8], until: Timestamp
    ) async throws(StoreError) {
        try await queue.write(quietly: true) {
            try $0.keep(login: sealed, under: key, until: until)
        }
    }

    public func login(under key: [UInt8]) async throws(StoreError) -> [UInt8]? {
        try await reader.read { [reader] in try reader.login(under: key, $0) }
    }

    public func dropLogin(under key: [UInt8]) async throws(StoreError) {
        try await queue.write(quietly: true) { try $0.desk.dropLogin.run(key) }
    }
}
