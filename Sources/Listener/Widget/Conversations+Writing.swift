import Crypto
import ExactJSON
import HTTPTypes
import HummingbirdCore
import Outbox

extension Conversations {
    @Sendable func write(_ visit: ThreadVisit) async throws -> Response {
        try await permit(.write, visit)
        let order = try await visit.call.order()
        let (kind, body, files) = (try order.kind(), try order.body(), try order.files())
        var attachments: [Attachment] = []
        for id in files { attachments.append(try await file(id).attachment) }
        // Two agents' pages may draw the same key.
        let key = IdempotencyKey("\(visit.agent.id) \(try order.text("key"))")
        let words: JSON = [
            .string(kind.rawValue), .string(body),
            .array(files.map { .string($0.description) }),
        ]
        let (id, status, isNew) = try await write(
            AgentMessage(
                kind, in: visit.thread, by: visit.agent, body: body, attachments: attachments,
                conversation: visit.conversation, seen: try order.seen(), key: key,
                digest: Array(SHA256.hash(data: words.bytes)), hold: settings.undo))
        await presence.set(isWriting: false, visit.agent, in: visit.thread)
        // The newest but for what came since.
        let lines = try await store.page(of: visit.thread, before: nil, limit: 10).messages
        let line = lines.first { $0.id == id }
        // Taken back after its answer was lost: it is not sent, and will not be.
        let isWithdrawn = line?.isWithdrawn ?? false
        let json: JSON = [
            "id": .string(id.description),
            "status": .string(isWithdrawn ? "withdrawn" : status),
            "withdrawable_until": JSON(line?.withdrawableUntil),
        ]
        return .private(json, status: isNew ? .accepted : .ok)
    }

    /// Other words under the same key were changed since: the first answer was lost, and the agent wrote on.
    private func write(
        _ message: AgentMessage
    ) async throws -> (MessageID, status: String, isNew: Bool) {
        do {
            switch try await desk.write(message) {
            case .accepted(let id): return (id, "accepted", true)
            case .duplicate(let id, _): return (id, "duplicate", false)
            }
        } catch StoreError.conflict(let id) {
            return (id, "changed", false)
        }
    }

    private func file(_ id: FileID) async throws(StoreError) -> KeptFile {
        do {
            return try await store.file(id)
        } catch .notFound {
            throw .notAllowed("a file is gone: take it out, or add it again")
        }
    }

    func withdraw(
        _ message: String, in thread: ThreadName, by session: Session
    ) async throws -> Response {
        guard let message = MessageID(message) else { throw StoreError.notFound }
        let draft: Draft
        do {
            draft = try await store.withdraw(message, in: thread, by: session.agent.id)
        } catch StoreError.notAllowed {
            throw Problem(
                .conflict, .withdrawnTooLate, "the answer is on its way to the customer already")
        }
        return .private(["draft": draft.json(try await files(of: draft))])
    }

    @Sendable func retry(_ visit: ThreadVisit) async throws -> Response {
        try await permit(.retry, visit)
        guard let message = MessageID(visit.parameters[0]), try await shows(message, to: visit)
        else {
            throw StoreError.notFound
        }
        let entry = try await store.entry(EntryID(firstOf: message)).entry
        guard entry.shop == visit.thread.shop, entry.thread == visit.thread.key,
            entry.destination == .callback(of: entry.shop), entry.kind == .message
        else { throw StoreError.notFound }
        _ = try await store.perform(.retry(mayDouble: false), on: entry.id, by: visit.agent.id)
        try await audit(.retried, visit, message)
        return .private(["id": .string(message.description)], status: .accepted)
    }

    @Sendable func dismiss(_ visit: ThreadVisit) async throws -> Response {
        let page = try await page(visit)
        if page.summary.awaiting != .agent, visit.part.kind == .connected {
            throw StoreError.notAllowed("the customer waits for no answer")
        }
        try permit(.dismiss, visit, in: page)
        let order = try await visit.call.order()
        try await desk.dismiss(
            visit.thread, because: try order.text("reason"), seen: try order.seen(),
            by: visit.agent.id)
        return .nothing
    }

    @Sendable func recreate(_ visit: ThreadVisit) async throws -> Response {
        try await permit(.recreate, visit)
        try await store.recreate(visit.thread, by: visit.agent.id)
        return .private(["status": "accepted"], status: .accepted)
    }

    // MARK: The end of a part

    @Sendable func listWrapUps(_ visit: ThreadVisit) async throws -> Response {
        guard let conversation = visit.conversation else { throw Problem.notYours }
        let codes = try await services.wrapUpCodes(
            of: conversation, as: visit.session.access)
        return .private([
            "codes": .array(codes.map { ["id": .string($0.code), "name": JSON($0.name)] }),
            "required": .bool(visit.part.requiresWrapUp),
        ])
    }

    /// May be repeated: where the answer was lost, the part has ended with the code that is given again.
    @Sendable func finish(_ visit: ThreadVisit) async throws -> Response {
        guard let conversation = visit.conversation else { throw Problem.notYours }
        let wrapUp = try await visit.call.order().wrapUp()
        if visit.part.isFinished(with: wrapUp) {
            return try await noteFinished(conversation, visit, wrapUp)
        }
        try await permit(.finish, visit)
        // Whatever comes of it: what was known of the part is not to be relied on any more.
        await access.forget(visit.session, visit.subject)
        do {
            try await desk.finish(conversation, as: visit.session.access, wrapUp: wrapUp)
        } catch ParticipationError.ended {
            // By the same order, sent twice at once; with another code it is not the same.
            let part = try await access.part(of: visit.session, in: visit.subject, anew: true)
            guard part.isFinished(with: wrapUp) else { throw ParticipationError.ended }
            return try await noteFinished(conversation, visit, wrapUp)
        }
        await access.forget(visit.session, visit.subject)
        return .nothing
    }

    /// - Throws: `Problem` where it was handed on, and so not finished.
    private func noteFinished(
        _ conversation: String, _ visit: ThreadVisit, _ wrapUp: WrapUp?
    ) async throws -> Response {
        let known = try await page(visit).conversations.last {
            $0.observation.reference == conversation
        }
        if let seen = known?.observation, seen.stage.isLive, seen.agent?.id != visit.agent.id {
            throw Problem(.ended)
        }
        try await desk.noteFinished(
            conversation, by: visit.session.access, wrapUp: wrapUp,
            since: known?.began ?? environment.now())
        return .nothing
    }

    func audit(
        _ action: AuditRecord.Action, _ visit: ThreadVisit, _ message: MessageID? = nil
    ) async throws {
        try await store.audit(
            AuditRecord(
                at: environment.now(), action: action, actor: visit.agent.id, message: message),
            in: visit.thread)
    }
}

extension AgentPart {
    /// Whether nothing of what is asked is left to do.
    fileprivate func isFinished(with wrapUp: WrapUp?) -> Bool {
        guard kind == .ended, let wrapUp else {
            return kind == .ended && (self.wrapUp != nil || !requiresWrapUp)
        }
        return self.wrapUp?.code == wrapUp.code
    }
}
