import ExactJSON
import HTTPTypes
import HummingbirdCore
import Outbox

extension Conversations {
    /// Also once the agent's part has ended, until another conversation follows theirs: what they were writing
    /// then is for whoever comes after them.
    @Sendable func keepDraft(_ visit: ThreadVisit) async throws -> Response {
        guard let conversation = visit.conversation, visit.share.horizon == nil,
            visit.part.kind == .connected || visit.part.kind == .ended
        else { throw Problem(visit.part.obstacle) }
        let order = try await visit.call.order()
        let draft = Draft(
            thread: visit.thread, conversation: conversation, agent: visit.agent,
            kind: try order.kind(), body: try order.body(), files: try order.files(),
            at: environment.now())
        try await store.keep(draft)
        await presence.set(isWriting: !draft.isEmpty, visit.agent, in: visit.thread)
        return .nothing
    }

    @Sendable func takeDraft(_ visit: ThreadVisit) async throws -> Response {
        let page = try await permit(.write, visit)
        guard let conversation = visit.conversation else { throw Problem.notYours }
        let order = try await visit.call.order()
        let left = try await leftDraft(
            of: try order.text("agent"), try order.kind(), visit, page)
        let files = try await files(of: left)
        _ = try await store.hand(left, to: visit.agent, in: conversation)
        // Of their own the agent may have written more by now than is kept.
        return .private(left.json(files))
    }

    @Sendable func dropDraft(_ visit: ThreadVisit) async throws -> Response {
        let page = try await permit(.write, visit)
        let target = visit.call.target
        guard let kind = target["kind"].flatMap({ AgentMessage.Kind(rawValue: $0) }) else {
            throw FieldError(field: "kind", problem: "has to be answer or note")
        }
        try await store.drop(
            try await leftDraft(of: target["agent"] ?? "", kind, visit, page))
        return .nothing
    }

    /// - Throws: `Problem` for a draft that is not there, or whose agent is still at work.
    private func leftDraft(
        of agent: String, _ kind: AgentMessage.Kind, _ visit: ThreadVisit, _ page: TranscriptPage
    ) async throws -> Draft {
        let drafts = try await store.drafts(in: visit.thread)
        let found = drafts.first {
            $0.agent.id == agent && $0.kind == kind && !visit.owns($0)
        }
        guard let found else {
            throw StoreError.notAllowed("the draft is gone: somebody took it or threw it away")
        }
        guard isLeft(found, visit, in: page) else {
            throw StoreError.notAllowed("its author still has the conversation")
        }
        return found
    }

    /// Whether its author has no live part in the conversation it was written in: of the visitor's own by Genesys'
    /// word, of another as far as is known here.
    func isLeft(_ draft: Draft, _ visit: ThreadVisit, in page: TranscriptPage) -> Bool {
        guard draft.conversation != visit.conversation else {
            return !visit.part.colleagues.contains(draft.agent.id)
        }
        let conversation = page.conversations.first {
            $0.observation.reference == draft.conversation
        }?.observation
        guard let conversation else {
            // Where there are more than the page names, nothing is known of it.
            return page.conversations.count < TranscriptPage.mostConversations
        }
        guard conversation.stage.hasAgent else { return true }
        return conversation.agent?.id != draft.agent.id
    }

    /// Those that are still there.
    func files(of draft: Draft) async throws(StoreError) -> [KeptFile] {
        var files: [KeptFile] = []
        for id in draft.files {
            do throws(StoreError) {
                files.append(try await store.file(id))
            } catch {
                guard error == .notFound else { throw error }
            }
        }
        return files
    }
}

extension ThreadVisit {
    /// Whether a draft is the agent's own, of this conversation.
    func owns(_ draft: Draft) -> Bool {
        draft.agent.id == agent.id && draft.conversation == conversation
    }
}

extension AgentPart {
    fileprivate var obstacle: ThreadAccess.Obstacle? {
        switch kind {
        case .alerting: .alerting
        case .connected: nil
        case .ended: .ended
        case .onlooker: .onlooker
        }
    }
}

extension Response {
    /// Done, and there is nothing to say.
    static let nothing = Response(status: .noContent, headers: [.cacheControl: "no-store"])
}
