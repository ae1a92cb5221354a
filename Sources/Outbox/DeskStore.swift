/// Keeps what the agents' tab needs besides the threads themselves: drafts, files, logins, and readings in pages.
///
/// As with `OutboxStore`, every call that writes returns only after its transaction is on the disk.
public protocol DeskStore: Sendable {

    // MARK: Reading

    /// The newest messages of a thread, or those before one of them, oldest first; the cost depends on the page
    /// alone.
    /// - Parameter horizon: nothing of the page but its summary is from there on.
    /// - Throws: `notFound`
    func page(
        of thread: ThreadName, before: MessageID?, limit: Int, horizon: MessageID?
    ) async throws(StoreError) -> TranscriptPage

    /// The customer's newest message.
    /// - Returns: `nil` where there is none, or it can no longer be read.
    /// - Throws: `notFound`
    func question(of thread: ThreadName) async throws(StoreError) -> Message?

    /// Where a conversation's share of its thread ends: once it has ended and another was begun, what came after
    /// its end, or led to the other one, belongs to it no more.
    /// - Returns: `nil` for one that is live, or its thread's newest, or unknown.
    func horizon(of conversation: String) async throws(StoreError) -> MessageID?

    /// The message that a conversation's share of its thread begins with: the first that was delivered to no other
    /// before, else what came once it was known of.
    /// - Returns: `nil` for one that is unknown.
    func beginning(of conversation: String) async throws(StoreError) -> MessageID?

    /// The conversations of the same thread around one; none around one that is unknown.
    func neighbours(of conversation: String) async throws(StoreError) -> ConversationNeighbours

    /// Differs from an earlier one as soon as a message, its delivery, a conversation, a concern or an audit
    /// record of the thread does; costs a few look-ups.
    /// - Throws: `notFound`
    func mark(of thread: ThreadName) async throws(StoreError) -> String

    /// A page of threads, the longest waiting first; of the refused and the open ones, by the oldest answer and
    /// the oldest conversation.
    /// - Parameter after: the last of the page before.
    func threads(
        _ list: ThreadList, after: ThreadPlace?, limit: Int
    ) async throws(StoreError) -> [ThreadRow]

    // MARK: Answers

    /// Takes back an answer that has not begun to go to the shop: it is `discarded`, no shop is shown it, and it
    /// becomes its author's draft again, files included, before what they began to write meanwhile.
    /// - Parameter agent: the id of its author.
    /// - Throws: `notFound`, also for another's; `notAllowed` once it is on its way, and where the shop reads
    ///   answers for itself; `noRoom` where both together are no draft that could be kept.
    func withdraw(
        _ message: MessageID, in thread: ThreadName, by agent: String
    ) async throws(StoreError) -> Draft

    // MARK: Drafts

    /// In place of the agent's earlier one of that conversation and kind; an empty one is dropped. A file that
    /// another draft had is in this one now.
    /// - Throws: `notFound`; `notAllowed` for a file that is not the agent's, or sent already.
    func keep(_ draft: Draft) async throws(StoreError)

    /// All drafts of a thread, the newest first.
    /// - Throws: `notFound`
    func drafts(in thread: ThreadName) async throws(StoreError) -> [Draft]

    /// Makes an agent's draft another's own, in that other's conversation, behind what the other has begun there of
    /// that kind; files go along.
    /// - Throws: `notFound` where there is none; `noRoom` where both together are no draft that could be kept.
    func hand(
        _ draft: Draft, to agent: Agent, in conversation: String
    ) async throws(StoreError) -> Draft

    /// Drops an agent's draft, with its files; does nothing where there is none.
    func drop(_ draft: Draft) async throws(StoreError)

    // MARK: Files

    /// Begins a file of which `size` bytes are going to come, and names it.
    ///
    /// Before that, files of the agent's in the thread go that no draft names and that are older than
    /// `KeptFile.abandonedAfter`: nobody sees them who could remove them.
    /// - Parameter room: how many bytes the agent's files of the thread that are not sent may have together.
    /// - Throws: `notFound`; `notAllowed` for a name or a type that no message can bear, and beyond `room` or
    ///   `KeptFile.mostUnsent`.
    func begin(
        _ name: String, contentType: String, size: Int, in thread: ThreadName, by agent: String,
        room: Int
    ) async throws(StoreError) -> FileID

    /// Adds the next part, of 256 KiB at most.
    /// - Parameter number: from 0.
    /// - Throws: `notFound`; `notAllowed` for one that is too large, or is not the next.
    func append(_ bytes: [UInt8], number: Int, to file: FileID) async throws(StoreError)

    /// Drops a file that was not sent.
    /// - Throws: `notFound`, also for another's; `notAllowed` once it was sent.
    func drop(_ file: FileID, by agent: String) async throws(StoreError)

    /// - Throws: `notFound`, also where parts are missing.
    func file(_ id: FileID) async throws(StoreError) -> KeptFile

    /// - Returns: empty behind the last part.
    func part(_ number: Int, of file: FileID) async throws(StoreError) -> [UInt8]

    /// 32 bytes drawn once for this store: what links to files are signed with.
    func linkKey() async throws(StoreError) -> [UInt8]

    // MARK: Linked conversations

    /// Records it, and who started it; a repeat changes nothing.
    /// - Throws: `notFound`
    func link(_ conversation: LinkedConversation, to thread: ThreadName) async throws(StoreError)

    // MARK: Logins

    /// Keeps a login sealed by the caller; expired ones go.
    /// - Parameter key: what it is found by; never what a browser holds itself.
    func keep(login sealed: [UInt8], under key: [UInt8], until: Timestamp) async throws(StoreError)

    /// - Returns: `nil` for one that is unknown or has expired.
    func login(under key: [UInt8]) async throws(StoreError) -> [UInt8]?

    func dropLogin(under key: [UInt8]) async throws(StoreError)
}

extension DeskStore {
    public func page(
        of thread: ThreadName, before: MessageID?, limit: Int
    ) async throws(StoreError) -> TranscriptPage {
        try await page(of: thread, before: before, limit: limit, horizon: nil)
    }
}
