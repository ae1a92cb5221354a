import Outbox
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct DeskTests {
    private let clock = ManualClock()
    private let participation = ScriptedParticipation()
    private let sam = AgentAccess(agent: Agent(id: "a1", name: "Sam"), token: "token")
    private let thread = ThreadName(ShopName("shop"), ThreadKey("thread"))

    private func desk() async throws -> (Desk, Workbench) {
        let bench = Workbench(MemoryOutbox(clock.environment), clock)
        _ = try await bench.post(in: .delivered)
        let desk = Desk(
            store: bench.store, participation: participation, environment: clock.environment)
        return (desk, bench)
    }

    private func answer(_ body: String = "On its way.") -> AgentMessage {
        AgentMessage(
            .answer, in: thread, by: sam.agent, body: body, conversation: "conversation",
            key: IdempotencyKey("k"), digest: Array(body.utf8))
    }

    @Test func theEndOfAnAgentsPartIsRecordedWithItsCode() async throws {
        let (desk, bench) = try await desk()
        try await desk.finish("conversation", as: sam, wrapUp: WrapUp(code: "w1"))
        #expect(participation.finished == ["conversation w1 token"])
        let audit = try await bench.store.audits(of: thread)
        #expect(audit.map(\.action) == [.finished])
        #expect(audit.map(\.detail) == ["w1"])
    }

    @Test func whatGenesysDidNotEndIsNotRecordedAndMayBeRepeated() async throws {
        let (desk, bench) = try await desk()
        participation.fail(.unavailable("504"))
        await #expect(throws: ParticipationError.unavailable("504")) {
            try await desk.finish("conversation", as: sam, wrapUp: nil)
        }
        #expect(try await bench.store.audits(of: thread).isEmpty)
        try await desk.finish("conversation", as: sam, wrapUp: nil)
        #expect(try await bench.store.audits(of: thread).map(\.action) == [.finished])
    }

    @Test func aMessageBearsTwentyFilesAtTheMost() async throws {
        let (desk, _) = try await desk()
        var message = answer()
        message.attachments = (0..<21).map { Attachment(name: "\($0)") }
        await #expect(throws: FieldError.self) { try await desk.write(message) }
        message.attachments.removeLast()
        _ = try await desk.write(message)
    }

    @Test func wordsThatCannotBeTakenNameTheField() async throws {
        let (desk, _) = try await desk()
        for body in ["", " \n", String(repeating: "x", count: 65_537)] {
            await #expect(throws: FieldError.self) { try await desk.write(answer(body)) }
        }
        for reason in ["", "  ", String(repeating: "x", count: 501)] {
            await #expect(throws: FieldError.self) {
                try await desk.dismiss(thread, because: reason, seen: nil, by: "a1")
            }
        }
    }
}

/// Ends what it is asked to, and remembers it.
private final class ScriptedParticipation: Participation {
    private struct State {
        var finished: [String] = []
        var failure: ParticipationError?
    }

    private let state = Mutex(State())

    var finished: [String] { state.withLock { $0.finished } }

    func fail(_ error: ParticipationError) { state.withLock { $0.failure = error } }

    func part(
        of agent: AgentAccess, in conversation: String
    ) async throws(ParticipationError) -> AgentPart {
        AgentPart(.connected)
    }

    func wrapUpCodes(
        of conversation: String, as agent: AgentAccess
    ) async throws(ParticipationError) -> [WrapUp] { [] }

    func finish(
        _ conversation: String, as agent: AgentAccess, wrapUp: WrapUp?
    ) async throws(ParticipationError) {
        if let failure = state.withLock({ $0.failure.take() }) { throw failure }
        state.withLock {
            $0.finished.append("\(conversation) \(wrapUp?.code ?? "-") \(agent.token)")
        }
    }
}
