import Outbox

extension Books {
    // MARK: Answers

    mutating func withdraw(
        _ id: MessageID, in name: ThreadName, by agent: String
    ) throws(StoreError) -> Draft {
        let thread = try existing(name)
        guard let stored = messages[id], stored.thread == thread,
            stored.message.direction == .staff, let author = stored.message.authorship,
            author.agent.id == agent
        else { throw .notFound }
        guard var entry = entries[EntryID(firstOf: id)], entry.entry.state == .pending,
            entry.attempts.isEmpty
        else { throw .notAllowed("the answer is on its way to the shop, or there") }
        guard let conversation = author.conversation else {
            throw .notAllowed("the answer was written in no conversation")
        }
        var draft = Draft(
            thread: name, conversation: conversation, agent: author.agent, kind: .answer,
            body: stored.message.body, files: stored.message.attachments.compactMap(\.file),
            at: environment.now())
        if let newer = drafts.first(where: { $0.isSame(as: draft) }) {
            draft = try draft.followed(by: newer)
        }
        entry.entry.reason = "taken back by its author"
        withdrawn.insert(id)
        move(entry, to: .discarded, by: agent)
        audit(.withdrawn, thread, agent, of: id)
        for file in draft.files { files[file]?.file.message = nil }
        save(draft)
        return draft
    }

    // MARK: Drafts

    mutating func keep(_ draft: Draft) throws(StoreError) {
        let thread = try existing(draft.thread)
        _ = try files(draft.files, of: thread, by: draft.agent.id)
        save(draft)
        dropEmptyDrafts(in: draft.thread)
    }

    private mutating func save(_ draft: Draft) {
        for file in draft.files { release(file) }
        drafts.removeAll { $0.isSame(as: draft) }
        drafts.append(draft)
    }

    mutating func dropEmptyDrafts(in thread: ThreadName) {
        drafts.removeAll { $0.thread == thread && $0.isEmpty }
    }

    /// Takes a file out of the draft that names it.
    mutating func release(_ file: FileID) {
        for index in drafts.indices { drafts[index].files.removeAll { $0 == file } }
    }

    func drafts(in name: ThreadName) throws(StoreError) -> [Draft] {
        _ = try existing(name)
        return drafts.filter { $0.thread == name }.sorted {
            $0.at != $1.at
                ? $0.at > $1.at
                : ($0.conversation, $0.agent.id, $0.kind.rawValue)
                    < ($1.conversation, $1.agent.id, $1.kind.rawValue)
        }
    }

    mutating func hand(
        _ draft: Draft, to agent: Agent, in conversation: String
    ) throws(StoreError) -> Draft {
        guard let begun = drafts.first(where: { $0.isSame(as: draft) }) else { throw .notFound }
        var taken = begun
        taken.agent = agent
        taken.conversation = conversation
        if let ahead = drafts.first(where: { $0.isSame(as: taken) && !$0.isSame(as: begun) }) {
            taken = try ahead.followed(by: taken)
        }
        for file in begun.files { files[file]?.file.agent = agent.id }
        drafts.removeAll { $0.isSame(as: begun) }
        save(taken)
        return taken
    }

    mutating func drop(_ draft: Draft) {
        for begun in drafts where begun.isSame(as: draft) {
            for file in begun.files { files[file] = nil }
        }
        drafts.removeAll { $0.isSame(as: draft) }
    }

    // MARK: Files

    mutating func begin(
        _ name: String, contentType: String, size: Int, in thread: ThreadName, by agent: String,
        room: Int
    ) throws(StoreError) -> FileID {
        try KeptFile.check(name: name, contentType: contentType, size: size)
        _ = try existing(thread)
        dropAbandonedFiles(of: agent, in: thread)
        let unsent = files.values.map(\.file).filter {
            $0.thread == thread && $0.agent == agent && $0.message == nil
        }
        try KeptFile.check(
            size: size, unsent: (unsent.count, unsent.map(\.size).reduce(0, +)), room: room)
        let id = FileID(rawValue: nextNumber())
        files[id] = StoredFile(
            file: KeptFile(
                id: id, thread: thread, agent: agent, name: name, contentType: contentType,
                size: size))
        return id
    }

    private mutating func dropAbandonedFiles(of agent: String, in thread: ThreadName) {
        let cutoff = environment.now() + (.zero - KeptFile.abandonedAfter)
        let named = Set(drafts.flatMap(\.files))
        files = files.filter { id, stored in
            stored.file.thread != thread || stored.file.agent != agent
                || stored.file.message != nil || named.contains(id)
                || id.rawValue >= cutoff.milliseconds << 20
        }
    }

    mutating func append(
        _ bytes: [UInt8], number: Int, to id: FileID
    ) throws(StoreError) {
        guard let stored = files[id] else { throw .notFound }
        guard (1...KeptFile.partSize).contains(bytes.count) else {
            throw .notAllowed("a part of a file has 1 to \(KeptFile.partSize) bytes")
        }
        guard stored.parts.map(\.count).reduce(bytes.count, +) <= stored.file.size else {
            throw .notAllowed("the file is larger than was said")
        }
        guard number == stored.parts.count else {
            throw .notAllowed("the file's next part is number \(stored.parts.count)")
        }
        files[id]?.parts.append(bytes)
    }

    mutating func drop(_ id: FileID, by agent: String) throws(StoreError) {
        guard let file = files[id]?.file, file.agent == agent else { throw .notFound }
        guard file.message == nil else { throw .notAllowed("the file was sent") }
        _ = drop(id)
        dropEmptyDrafts(in: file.thread)
    }

    /// - Returns: of how many parts it was.
    mutating func drop(_ id: FileID) -> Int {
        release(id)
        return files.removeValue(forKey: id)?.parts.count ?? 0
    }

    func files(
        _ ids: [FileID], of thread: Thread, by agent: String, areAll: Bool = false
    ) throws(StoreError) -> [KeptFile] {
        guard Set(ids).count == ids.count else { throw .notAllowed("a file is named twice") }
        var found: [KeptFile] = []
        for id in ids {
            guard let stored = files[id], stored.file.thread == name(thread),
                stored.file.agent == agent, stored.file.message == nil
            else {
                throw .notAllowed(
                    "the file \(id) is not one that the agent has uploaded here and not sent yet")
            }
            guard stored.isComplete || !areAll else {
                throw .notAllowed("the file \(id) has not come in full")
            }
            found.append(stored.file)
        }
        return found
    }

    func file(_ id: FileID) throws(StoreError) -> KeptFile {
        guard let stored = files[id], stored.isComplete else { throw .notFound }
        return stored.file
    }

    // MARK: Linked conversations and logins

    mutating func link(
        _ conversation: LinkedConversation, to name: ThreadName
    ) throws(StoreError) {
        let thread = try existing(name)
        let isKnown = linked.contains {
            $0.thread == thread && $0.conversation.reference == conversation.reference
        }
        guard !isKnown else { return }
        linked.append((thread, conversation))
        audit(.linked, thread, conversation.agent.id, detail: conversation.reference)
    }

    mutating func keep(login sealed: [UInt8], under key: [UInt8], until: Timestamp) {
        logins = logins.filter { $0.value.until > environment.now() }
        logins[key] = (sealed, until)
    }

    // MARK: Reading

    func page(
        of name: ThreadName, before: MessageID?, limit: Int, horizon: MessageID?
    ) throws(StoreError) -> TranscriptPage {
        let transcript = try transcript(of: name)
        let thread = try existing(name)
        let end = horizon ?? MessageID(rawValue: .max)
        let older = transcript.messages.filter { $0.id < min(before ?? end, end) }
        let all = messages(of: thread).filter { $0.id < end }
        let asked = all.filter { $0.message.direction == .customer }
        let recent = Set(all.suffix(200).map(\.id))
        let order = asked.last { recent.contains($0.id) && $0.message.order != nil }
        return TranscriptPage(
            summary: transcript.summary, customer: threads[thread]?.customer,
            messages: older.suffix(limit), hasOlder: older.count > limit, question: asked.last?.id,
            about: (order ?? asked.last)?.message,
            conversations: records(of: thread, before: end)
                .suffix(TranscriptPage.mostConversations),
            linked: linked.filter {
                $0.thread == thread && $0.conversation.at <= EntryID(firstOf: end).drawnAt
            }.suffix(20).map(\.conversation))
    }

    func horizon(of conversation: String) -> MessageID? {
        guard let (id, stored) = known(conversation), stored.observation.stage == .ended,
            let next = neighbours(of: conversation).later.first,
            let beginning = beginning(of: next.observation.reference)
        else { return nil }
        let end = max((stored.since.milliseconds + 1) << 20, id.rawValue + 1)
        return min(MessageID(rawValue: end), beginning)
    }

    func beginning(of conversation: String) -> MessageID? {
        guard let (id, _) = known(conversation) else { return nil }
        let asked = entries.values.map(\.entry).filter {
            $0.reference == conversation && $0.id.rawValue == $0.message.rawValue
        }.map(\.message)
        return (asked + [MessageID(rawValue: id.rawValue)]).min()
    }

    func neighbours(of conversation: String) -> ConversationNeighbours {
        guard let (_, stored) = known(conversation) else {
            return ConversationNeighbours(earlier: [], later: [])
        }
        let all = records(of: stored.thread)
        let sides = all.split(maxSplits: 1, omittingEmptySubsequences: false) {
            $0.observation.reference == conversation
        }
        return ConversationNeighbours(
            earlier: sides[0].suffix(ConversationNeighbours.most),
            later: Array(sides[1].prefix(ConversationNeighbours.most)))
    }

    private func known(_ conversation: String) -> (key: ConversationID, value: StoredConversation)?
    {
        conversations.first { $0.value.observation.reference == conversation }
    }

    /// All that it is to tell a difference of.
    func mark(of name: ThreadName) throws(StoreError) -> String {
        let thread = try existing(name)
        let audits = audits.filter { $0.thread == thread }.map(\.record)
        let concerns = concerns.filter { $0.thread == name }
        return "\(try transcript(of: name)) \(audits) \(concerns)"
    }

    func threads(_ list: ThreadList, after: ThreadPlace?, limit: Int) -> [ThreadRow] {
        let rows = threads.compactMap { thread, stored -> ThreadRow? in
            let concern = concerns(of: thread, in: list).min {
                ($0.since, $0.entry?.rawValue ?? 0) < ($1.since, $1.entry?.rawValue ?? 0)
            }
            let since: Timestamp? =
                switch list {
                case .waiting: stored.turn == .agent ? stored.since : nil
                case .unanswered, .refused: concern?.since
                case .open:
                    conversations.filter {
                        $0.value.thread == thread && $0.value.observation.stage.isLive
                    }.keys.min()?.drawnAt
                }
            guard let since else { return nil }
            let summary = summary(of: thread)
            let question = question(of: thread)
            return ThreadRow(
                place: ThreadPlace(since: since, thread: stored.id), summary: summary,
                message: question.flatMap { messages[$0]?.message },
                conversation: records(of: thread).first {
                    $0.observation.reference == summary.conversation
                },
                conversations: records(of: thread).suffix(TranscriptPage.mostConversations)
                    .map(\.observation.reference),
                route: question.flatMap { delivery(of: $0) }?.route, reason: concern?.reason)
        }
        let behind = rows.filter { row in
            after.map { ($0.since, $0.thread) < (row.place.since, row.place.thread) } ?? true
        }
        return Array(
            behind.sorted {
                ($0.place.since, $0.place.thread) < ($1.place.since, $1.place.thread)
            }.prefix(limit))
    }

    private func concerns(of thread: Thread, in list: ThreadList) -> [Concern] {
        concerns.filter { concern in
            guard concern.thread == name(thread) else { return false }
            return switch list {
            case .waiting, .open: false
            case .unanswered: concern.kind != .refused
            case .refused: concern.kind == .refused
            }
        }
    }
}

extension Draft {
    /// Of the same conversation, agent and kind.
    fileprivate func isSame(as other: Draft) -> Bool {
        thread == other.thread && conversation == other.conversation && agent.id == other.agent.id
            && kind == other.kind
    }
}
