internal import Outbox

extension Writer {
    // MARK: Answers

    func withdraw(_ id: MessageID, in name: ThreadName, by agent: String) throws -> Draft {
        guard let thread = try existingThread(name),
            let answer = try staffMessage(id, of: thread.id), let author = answer.authorship,
            author.agent.id == agent
        else { throw StoreError.notFound }
        guard var stored = try find(EntryID(firstOf: id)), stored.entry.state == .pending,
            stored.attempts == 0
        else { throw StoreError.notAllowed("the answer is on its way to the shop, or there") }
        guard let conversation = author.conversation else {
            throw StoreError.notAllowed("the answer was written in no conversation")
        }
        let now = environment.now()
        var draft = Draft(
            thread: name, conversation: conversation, agent: author.agent, kind: .answer,
            body: answer.body, files: try files(of: desk.filesOfMessage, id.rawValue), at: now)
        if let newer = try find(draft, in: thread)?.draft {
            draft = try draft.followed(by: newer)
        }
        stored.entry.reason = "taken back by its author"
        try desk.markWithdrawn.run(id.rawValue)
        try move(stored, to: .discarded, at: now, by: agent)
        try audit(.withdrawn, in: thread.id, by: agent, of: id, at: now)
        try desk.takeFilesBack.run(id.rawValue)
        try save(draft, in: thread)
        return draft
    }

    private func staffMessage(_ id: MessageID, of thread: Int64) throws -> Message? {
        let found =
            try threads.payloadAbout.first(thread, Int64?.some(id.rawValue)) {
                try? Message(payload: $0.bytes(0))
            } ?? nil
        return found?.direction == .staff ? found : nil
    }

    // MARK: Drafts

    func keep(_ draft: Draft) throws {
        guard let thread = try existingThread(draft.thread) else { throw StoreError.notFound }
        _ = try files(draft.files, of: thread, by: draft.agent.id)
        try save(draft, in: thread)
        try desk.dropEmptyDrafts.run(thread.id)
    }

    private func save(_ draft: Draft, in thread: StoredThread) throws {
        let saved = try desk.saveDraft.first(
            thread.id, draft.conversation, draft.agent.id, draft.kind.rawValue, draft.agent.name,
            draft.body, draft.at.milliseconds
        ) { $0.integer(0) }
        guard let id = saved else { throw inconsistent("a draft was not saved") }
        try desk.releaseFiles.run(id)
        for (place, file) in draft.files.enumerated() {
            try desk.nameFile.run(id, place, file.rawValue)
        }
    }

    func hand(_ draft: Draft, to agent: Agent, in conversation: String) throws -> Draft {
        guard let thread = try existingThread(draft.thread),
            let (id, begun) = try find(draft, in: thread)
        else { throw StoreError.notFound }
        var taken = begun
        taken.agent = agent
        taken.conversation = conversation
        if let (own, ahead) = try find(taken, in: thread), own != id {
            taken = try ahead.followed(by: taken)
        }
        try desk.handFiles.run(agent.id, id)
        try desk.releaseFiles.run(id)
        try desk.dropDraft.run(id)
        try save(taken, in: thread)
        return taken
    }

    func drop(_ draft: Draft) throws {
        guard let thread = try existingThread(draft.thread),
            let (id, _) = try find(draft, in: thread)
        else { return }
        try drop(draft: id)
    }

    /// What was written is no draft any more.
    func dropDraft(of message: AgentMessage, in thread: StoredThread) throws {
        let draft = message.conversation.map {
            Draft(
                thread: thread.name, conversation: $0, agent: message.agent, kind: message.kind,
                body: "", at: environment.now())
        }
        if let draft, let (id, _) = try find(draft, in: thread) { try drop(draft: id) }
        try desk.dropEmptyDrafts.run(thread.id)
    }

    private func drop(draft id: Int64) throws {
        for file in try files(of: desk.filesOfDraft, id) { try drop(file: file.rawValue) }
        try desk.dropDraft.run(id)
    }

    /// The one of the same conversation, agent and kind.
    private func find(
        _ draft: Draft, in thread: StoredThread
    ) throws -> (id: Int64, draft: Draft)? {
        let found = try desk.findDraft.first(
            thread.id, draft.conversation, draft.agent.id, draft.kind.rawValue
        ) { ($0.integer(0), $0.optionalText(1), $0.text(2), $0.timestamp(3)) }
        guard let (id, name, body, at) = found else { return nil }
        return (
            id,
            Draft(
                thread: thread.name, conversation: draft.conversation,
                agent: Agent(id: draft.agent.id, name: name), kind: draft.kind, body: body,
                files: try files(of: desk.filesOfDraft, id), at: at)
        )
    }

    private func files(of found: Statement, _ owner: Int64) throws -> [FileID] {
        try found.all(owner) { FileID(rawValue: $0.integer(0)) }
    }

    // MARK: Linked conversations

    func link(_ conversation: LinkedConversation, to name: ThreadName) throws {
        guard let thread = try existingThread(name) else { throw StoreError.notFound }
        let agent = conversation.agent
        let made = try desk.insertLinked.first(
            thread.id, conversation.reference, conversation.to, conversation.subject, agent.id,
            agent.name, conversation.at.milliseconds
        ) { $0.integer(0) }
        guard made != nil else { return }
        try audit(
            .linked, in: thread.id, by: agent.id, detail: conversation.reference,
            at: environment.now())
    }

    // MARK: Logins

    func keep(login sealed: [UInt8], under key: [UInt8], until: Timestamp) throws {
        try desk.dropExpired.run(environment.now().milliseconds)
        try desk.saveLogin.run(key, sealed, until.milliseconds)
    }
}
