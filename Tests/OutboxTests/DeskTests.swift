import Outbox
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
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

    private func answer(_ body: String = "On its way.", seen: MessageID? = nil) -> AgentMessage {
        AgentMessage(
            .answer, in: thread, by: sam.agent, body: body, conversation: "conversation",
            seen: seen, key: IdempotencyKey("k"), digest: Array(body.utf8))
    }

    @Test func anAnswerIsWrittenBeforeTheAgentsPartEnds() async throws {
        let (desk, bench) = try await desk()
        participation.watch { try? await bench.store.transcript(of: thread).messages.count }
        _ = try await desk.writeAndFinish(answer(), as: sam, wrapUp: WrapUp(code: "w1"))
        #expect(participation.finished == ["conversation w1 token"])
        #expect(participation.messages == [2])
        let audit = try await bench.store.audits(of: thread)
        #expect(audit.map(\.action) == [.answered, .finished])
        #expect(audit.last?.detail == "w1")
    }

    @Test func whoWroteAgainKeepsTheConversation() async throws {
        let (desk, bench) = try await desk()
        let seen = try await bench.store.transcript(of: thread).messages[0].id
        try await bench.post()
        await #expect(throws: StoreError.self) {
            _ = try await desk.writeAndFinish(answer(seen: seen), as: sam, wrapUp: nil)
        }
        #expect(participation.finished.isEmpty)
    }

    @Test func aFinishThatFailsIsRepeatedWithoutASecondAnswer() async throws {
        let (desk, bench) = try await desk()
        participation.fail(.unavailable("504"))
        await #expect(throws: ParticipationError.unavailable("504")) {
            _ = try await desk.writeAndFinish(answer(), as: sam, wrapUp: nil)
        }
        let again = try await desk.writeAndFinish(answer(), as: sam, wrapUp: nil)
        guard case .duplicate = again else {
            Issue.record("a second answer: \(again)")
            return
        }
        let transcript = try await bench.store.transcript(of: thread)
        #expect(transcript.messages.count == 2)
        #expect(try await bench.store.audits(of: thread).map(\.action) == [.answered, .finished])
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
        #expect(participation.finished.isEmpty)
    }
}

/// Ends what it is asked to, and remembers it.
private final class ScriptedParticipation: Participation {
    private struct State {
        var finished: [String] = []
        var messages: [Int?] = []
        var failure: ParticipationError?
        var count: (@Sendable () async -> Int?)?
    }

    private let state = Mutex(State())

    var finished: [String] { state.withLock { $0.finished } }
    var messages: [Int?] { state.withLock { $0.messages } }

    func fail(_ error: ParticipationError) { state.withLock { $0.failure = error } }

    func watch(_ count: @escaping @Sendable () async -> Int?) {
        state.withLock { $0.count = count }
    }

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
        let count = await state.withLock { $0.count }?()
        state.withLock {
            $0.finished.append("\(conversation) \(wrapUp?.code ?? "-") \(agent.token)")
            $0.messages.append(count ?? nil)
        }
    }
}
