import Outbox
import Synchronization

/// Genesys as a test has it: what it shows to whom, and what it was asked.
final class ScriptedGenesys: AgentServices {
    struct Script {
        /// By the agent's id and the conversation; nobody else has a part.
        var parts: [String: [String: AgentPart]] = [:]
        /// Whatever is asked next fails so.
        var failure: ParticipationError?
        /// By the agent's id.
        var queues: [String: Set<String>] = [:]
        var visible: [String: Set<String>] = [:]
        var codes = [WrapUp(code: "code-1", name: "Solved")]
        var replies: [QuickReply] = []
        var repliesFailure: ParticipationError?
        var address: String? = "support@example.com"
        /// Each question about a part, in its order: agent and conversation.
        var questions: [String] = []
        var finished: [String] = []
        var mails: [OutgoingMail] = []
        var mailFailure: ParticipationError?
        /// Somebody else finishes at the same moment, with the same code.
        var finishIsLate = false
        /// Each question about a queue, in its order: agent and queue.
        var queueQuestions: [String] = []
        /// What happens while such a question is answered.
        var duringQueueQuestion: (@Sendable () -> Void)?
    }

    private let script = Mutex(Script())

    var now: Script { script.withLock { $0 } }

    func change(_ body: (inout sending Script) -> Void) { script.withLock { body(&$0) } }

    func set(_ part: AgentPart?, of agent: String, in conversation: String) {
        script.withLock { $0.parts[agent, default: [:]][conversation] = part }
    }

    /// Ends the part of whoever has a conversation.
    func end(in conversation: String) {
        script.withLock { script in
            for (agent, parts) in script.parts where parts[conversation]?.kind == .connected {
                script.parts[agent]?[conversation]?.kind = .ended
            }
        }
    }

    private func ask<Value>(
        _ body: (inout Script) throws(ParticipationError) -> Value
    ) throws(ParticipationError) -> Value {
        let result = script.withLock { script -> Result<Value, ParticipationError> in
            if let failure = script.failure { return .failure(failure) }
            do throws(ParticipationError) { return .success(try body(&script)) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    func part(
        of agent: AgentAccess, in conversation: String
    ) async throws(ParticipationError) -> AgentPart {
        try ask { script throws(ParticipationError) in
            script.questions.append("\(agent.agent.id) \(conversation)")
            guard var part = script.parts[agent.agent.id]?[conversation] else {
                throw .notParticipant
            }
            part.supervises = agent.permissions.contains(AgentAccess.supervision)
            part.colleagues = Set(
                script.parts.filter { $0.value[conversation]?.kind == .connected }.keys
            ).subtracting([agent.agent.id])
            return part
        }
    }

    func wrapUpCodes(
        of conversation: String, as agent: AgentAccess
    ) async throws(ParticipationError) -> [WrapUp] {
        try ask { $0.codes }
    }

    func finish(
        _ conversation: String, as agent: AgentAccess, wrapUp: WrapUp?
    ) async throws(ParticipationError) {
        try ask { script throws(ParticipationError) in
            guard let part = script.parts[agent.agent.id]?[conversation] else {
                throw .notParticipant
            }
            if part.requiresWrapUp, wrapUp == nil { throw .wrapUpRequired }
            script.parts[agent.agent.id]?[conversation] = AgentPart(.ended, wrapUp: wrapUp)
            if script.finishIsLate { throw .ended }
            script.finished.append("\(conversation) \(wrapUp?.code ?? "-")")
        }
    }

    func replies(
        in queue: Queue?, matching text: String, as agent: AgentAccess
    ) async throws(ParticipationError) -> [QuickReply] {
        try ask { script throws(ParticipationError) in
            if let failure = script.repliesFailure { throw failure }
            return script.replies.filter { text.isEmpty || $0.name.contains(text) }
        }
    }

    func address(
        of queue: Queue, as agent: AgentAccess
    ) async throws(ParticipationError) -> String? {
        try ask { $0.address }
    }

    func start(
        _ mail: OutgoingMail, as agent: AgentAccess
    ) async throws(ParticipationError) -> String {
        try ask { script throws(ParticipationError) in
            if let failure = script.mailFailure { throw failure }
            script.mails.append(mail)
            return "mail-\(script.mails.count)"
        }
    }

    func visible(
        _ conversations: [String], to agent: AgentAccess
    ) async throws(ParticipationError) -> Set<String> {
        try ask { $0.visible[agent.agent.id, default: []].intersection(conversations) }
    }

    func part(
        of agent: AgentAccess, atQueue queue: String
    ) async throws(ParticipationError) -> AgentPart {
        try ask { script throws(ParticipationError) in
            script.queueQuestions.append("\(agent.agent.id) \(queue)")
            script.duringQueueQuestion?()
            guard script.queues[agent.agent.id]?.contains(queue) == true else {
                throw .notParticipant
            }
            return AgentPart(
                .onlooker, queue: Queue(id: queue),
                supervises: agent.permissions.contains(AgentAccess.supervision))
        }
    }

    func address(state: String, challenge: String, redirect: String) -> String { "" }

    func logIn(
        code: String, verifier: String, redirect: String
    ) async throws(LoginError) -> Login { throw .refused("nobody logs in here") }

    func logOut(_ agent: AgentAccess) async {}
}
