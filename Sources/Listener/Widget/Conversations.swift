import HTTPTypes
import HummingbirdCore
import Outbox

/// What agents see of a thread and do about it, each with the rights of their own login.
struct Conversations: Sendable {
    let sessions: Sessions
    let services: any AgentServices
    let store: any DeskStore & OutboxStore & ThreadStore
    let settings: WidgetSettings
    let environment: Environment
    let access: Access
    let presence: Presence
    let mails: StartedMails
    private let record = AccessRecord()

    init(
        sessions: Sessions, services: any AgentServices,
        store: any DeskStore & OutboxStore & ThreadStore, settings: WidgetSettings,
        environment: Environment
    ) {
        self.sessions = sessions
        self.services = services
        self.store = store
        self.settings = settings
        self.environment = environment
        access = Access(services, uptime: environment.uptime)
        presence = Presence(store, environment)
        mails = StartedMails(environment)
    }

    var desk: Desk {
        Desk(store: store, participation: services, environment: environment)
    }

    /// A thread is come to by a conversation, or from the supervisors' lists by its name.
    func add(to routes: inout Routes) {
        for way in Way.allCases {
            on(.get, "", way, &routes, show)
            on(.get, "/messages", way, &routes, showOlder)
            on(.get, "/earlier/{thread}", way, &routes, showEarlier)
            on(.get, "/mark", way, &routes, isReading: false, showMark)
            on(.get, "/stream", way, &routes, follow)
            on(.put, "/draft", way, &routes, keepDraft)
            on(.post, "/draft/take", way, &routes, asksAnew: true, takeDraft)
            on(.delete, "/draft", way, &routes, asksAnew: true, dropDraft)
            on(.post, "/messages", way, &routes, asksAnew: true, write)
            addWithdrawal(way, &routes)
            on(.post, "/messages/{message}/retry", way, &routes, asksAnew: true, retry)
            on(.get, "/wrap-ups", way, &routes, listWrapUps)
            on(.post, "/finish", way, &routes, asksAnew: true, finish)
            on(.post, "/dismiss", way, &routes, asksAnew: true, dismiss)
            on(.post, "/recreate", way, &routes, asksAnew: true, recreate)
            on(.get, "/replies", way, &routes, listReplies)
            on(.get, "/mail", way, &routes, showMail)
            on(.post, "/mail", way, &routes, asksAnew: true, startMail)
            // It says for itself how much it takes, to those alone who may send something.
            on(.post, "/files", way, &routes, maxBody: .max, takeFile)
            on(.get, "/files/{file}", way, &routes, giveFile)
            on(.get, "/earlier/{thread}/files/{file}", way, &routes, giveEarlierFile)
            on(.delete, "/files/{file}", way, &routes, dropFile)
        }
    }

    private func on(
        _ method: HTTPRequest.Method, _ path: String, _ way: Way, _ routes: inout Routes,
        asksAnew: Bool = false, isReading: Bool = true, maxBody: Int? = nil,
        _ answer: @escaping @Sendable (ThreadVisit) async throws -> Response
    ) {
        routes.on(method, way.pattern + path, maxBody: maxBody) { call throws(Problem) in
            try await sessions.answering(call) { session in
                var call = call
                // First, since whoever sends slowly may hand the conversation on meanwhile.
                if asksAnew { try await call.collectBody(upTo: ConversationOrder.maxBody) }
                let visit = try await visit(call, by: way, session, asksAnew: asksAnew)
                if isReading { try await note(visit.thread, visit) }
                return try await answer(visit)
            }
        }
    }

    /// Rests on who wrote the answer alone: there are only seconds for it, and Genesys may be slow.
    private func addWithdrawal(_ way: Way, _ routes: inout Routes) {
        let path = way.pattern + "/messages/{message}/withdraw"
        routes.on(.post, path, maxBody: nil) { call throws(Problem) in
            try await sessions.answering(call) { session in
                let thread = try await thread(call, by: way)
                return try await withdraw(call.parameters.last ?? "", in: thread, by: session)
            }
        }
    }

    // MARK: Authorisation

    /// Finds out what the caller is to the thread, before anything of what they sent is looked at.
    /// - Throws: the same for a thread that is not ours, or not theirs.
    func visit(
        _ call: Call, by way: Way, _ session: Session, asksAnew: Bool = false
    ) async throws -> ThreadVisit {
        let thread = try await thread(call, by: way)
        let subject: Access.Subject =
            switch way {
            case .conversation: .conversation(call.parameters[0])
            case .thread: try await subject(of: thread, for: session)
            }
        let part = try await access.part(of: session, in: subject, anew: asksAnew)
        return ThreadVisit(
            call: call, session: session, thread: thread, subject: subject, part: part,
            share: try await share(by: subject, part, session), way: way)
    }

    private func thread(_ call: Call, by way: Way) async throws -> ThreadName {
        switch way {
        case .conversation: try await store.thread(of: call.parameters[0])
        case .thread: ThreadName(ShopName(call.parameters[0]), ThreadKey(call.parameters[1]))
        }
    }

    /// Whoever is at work in a conversation sees the whole thread; whoever was, up to the next conversation; and
    /// whoever looks on, besides, nothing of the conversations before and after that Genesys does not show them.
    private func share(
        by subject: Access.Subject, _ part: AgentPart, _ session: Session
    ) async throws -> Share {
        switch (subject, part.kind) {
        case (.conversation(let id), .ended): Share(horizon: try await store.horizon(of: id))
        case (.conversation(let id), .onlooker): try await share(of: id, shownTo: session)
        default: .all
        }
    }

    /// Of conversations that are further away than the nearest twenty nobody is asked.
    private func share(of id: String, shownTo session: Session) async throws -> Share {
        let near = try await store.neighbours(of: id)
        let horizon = try await store.horizon(of: id)
        let all = (near.earlier + near.later).map(\.observation.reference)
        guard !all.isEmpty else { return Share(horizon: horizon) }
        let hidden = Set(all).subtracting(try await access.shown(all, to: session))
        let start = try await start(after: near.earlier, hidden)
        if let horizon { return Share(start: start, horizon: horizon, hidden: hidden) }
        let end = try await end(before: near.later, hidden)
        return Share(start: start, horizon: end, hidden: hidden)
    }

    private func start(
        after earlier: [ConversationRecord], _ hidden: Set<String>
    ) async throws -> MessageID? {
        let hidden = earlier.filter { hidden.contains($0.observation.reference) }
        guard let last = hidden.last else {
            return earlier.count < ConversationNeighbours.most
                ? nil : try await store.beginning(of: earlier[0].observation.reference)
        }
        // What is written while both live may be of either.
        guard !hidden.contains(where: \.observation.stage.isLive) else {
            return MessageID(rawValue: .max)
        }
        return try await store.horizon(of: last.observation.reference)
    }

    private func end(
        before later: [ConversationRecord], _ hidden: Set<String>
    ) async throws -> MessageID? {
        let last = later.count < ConversationNeighbours.most ? nil : later.last
        let next = later.first { hidden.contains($0.observation.reference) } ?? last
        guard let next else { return nil }
        return try await store.beginning(of: next.observation.reference)
    }

    /// As far as it is theirs to see: behind the horizon nothing has become of the thread.
    func page(
        _ visit: ThreadVisit, before: MessageID? = nil, limit: Int = 1
    ) async throws -> TranscriptPage {
        var page = try await store.page(
            of: visit.thread, before: before, limit: limit, horizon: visit.share.horizon)
        page.keep(visit.share)
        if let horizon = visit.share.horizon {
            page.summary = ThreadSummary(
                thread: visit.thread, status: .closed, since: horizon.drawnAt,
                awaiting: .none, conversation: visit.conversation)
        }
        return page
    }

    /// Whether a message is of the visitor's share of the thread.
    func shows(_ message: MessageID, to visit: ThreadVisit) async throws -> Bool {
        guard visit.share.contains(message) else { return false }
        guard !visit.share.hidden.isEmpty else { return true }
        let next = MessageID(rawValue: message.rawValue &+ 1)
        return try await page(visit, before: next).messages.last?.id == message
    }

    /// Differs also as soon as the visitor has become something else to the thread, or a draft was left to them.
    func mark(_ visit: ThreadVisit) async throws -> String {
        var mark =
            if let horizon = visit.share.horizon { horizon.description } else {
                try await store.mark(of: visit.thread)
            }
        if visit.part.kind == .connected {
            let left = try await store.drafts(in: visit.thread).filter {
                !visit.owns($0) && !visit.part.colleagues.contains($0.agent.id)
            }
            for draft in left {
                mark += "-\(draft.agent.id).\(draft.kind).\(draft.at.milliseconds)"
            }
        }
        return "\(visit.part.kind.rawValue)-\(mark)"
    }

    /// What stands for a thread at Genesys: its conversation, else the queue it is meant for.
    ///
    /// Genesys shows a queue to many who may read nothing of its conversations.
    private func subject(
        of thread: ThreadName, for session: Session
    ) async throws -> Access.Subject {
        let page = try await store.page(of: thread, before: nil, limit: 1)
        if let conversation = page.summary.conversation { return .conversation(conversation) }
        guard session.isSupervisor else { throw StoreError.notFound }
        let queues = try await queues(of: thread)
        for queue in queues.dropLast() {
            _ = try await access.part(of: session, in: .queue(queue))
        }
        guard let queue = queues.last else { throw StoreError.notFound }
        return .queue(queue)
    }

    /// Those that the customer's messages are meant for, the newest one's last.
    private func queues(of thread: ThreadName) async throws -> [String] {
        let page = try await store.page(of: thread, before: nil, limit: 50, horizon: nil)
        // Whoever sees the thread sees all of it.
        guard !page.hasOlder else { throw StoreError.notFound }
        var queues: [String] = []
        for line in page.messages where line.direction == .customer {
            let entry = try await store.entry(EntryID(firstOf: line.id)).entry
            guard let queue = settings.queues[entry.route] else { throw StoreError.notFound }
            queues = queues.filter { $0 != queue } + [queue]
        }
        return queues
    }

    /// Records that somebody reads a thread.
    func note(_ thread: ThreadName, _ visit: ThreadVisit) async throws {
        try await record.note(thread, by: visit.session) {
            try await store.audit(
                AuditRecord(
                    at: environment.now(), action: .read, actor: visit.session.agent.id),
                in: thread)
        }
    }

    func may(_ visit: ThreadVisit, in page: TranscriptPage) -> ThreadAccess {
        let live = page.conversations.map(\.observation).filter(\.stage.isLive)
        return ThreadAccess(
            visit.part, awaiting: page.summary.awaiting, isLive: !live.isEmpty,
            isHandedOn: live.contains {
                $0.reference == visit.conversation && $0.agent?.id != visit.agent.id
            },
            takesFiles: settings.maxFile > 0 && !settings.fileTypes.isEmpty)
    }

    /// - Returns: what else is known of the thread.
    /// - Throws: `Problem` where somebody may not do that now.
    @discardableResult
    func permit(
        _ act: ThreadAccess.Act, _ visit: ThreadVisit
    ) async throws -> TranscriptPage {
        let page = try await page(visit)
        try permit(act, visit, in: page)
        return page
    }

    func permit(
        _ act: ThreadAccess.Act, _ visit: ThreadVisit, in page: TranscriptPage
    ) throws(Problem) {
        let access = may(visit, in: page)
        guard access.allows(act) else { throw Problem(access.obstacle) }
    }
}

extension Sessions {
    /// Answers somebody who is logged in; where Genesys does not know the login any more, it ends here too.
    func answering<Answer>(
        _ call: Call, _ answer: (Session) async throws -> Answer
    ) async throws(Problem) -> Answer {
        let session = try await session(for: call)
        do {
            return try await answer(session)
        } catch ParticipationError.loggedOut {
            await end(session)
            throw Problem(forAgent: ParticipationError.loggedOut)
        } catch {
            throw Problem(forAgent: error)
        }
    }
}
