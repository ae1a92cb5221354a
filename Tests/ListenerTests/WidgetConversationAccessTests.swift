import Outbox
import Synchronization
import TestSupport
import Testing

@testable import Listener

@Suite(.timeLimit(.minutes(15))) struct WidgetConversationAccessTests {
    private let clock = ManualClock()
    private let genesys = SlowGenesys()
    private let access: Access

    init() { access = Access(genesys, uptime: clock.environment.uptime) }

    @Test func thoseWhoAskAtOnceShareAQuestion() async throws {
        async let first = part()
        await genesys.isAsked(1)
        async let second = part()
        await settle()
        genesys.answer(.connected)
        #expect(try await first.kind == .connected)
        #expect(try await second.kind == .connected)
        #expect(genesys.count == 1)
    }

    @Test func whoActsTakesNoAnswerToAQuestionOfBefore() async throws {
        async let first = part()
        await genesys.isAsked(1)
        async let second = part(anew: true)
        await settle()
        // Still one at a time.
        #expect(genesys.count == 1)
        genesys.answer(.connected)
        #expect(try await first.kind == .connected)
        await genesys.isAsked(2)
        genesys.answer(.ended)
        #expect(try await second.kind == .ended)
        #expect(try await part().kind == .ended)
    }

    @Test func whatWasAskedBeforeAChangeIsNotKept() async throws {
        async let first = part()
        await genesys.isAsked(1)
        await access.forget(session(), .conversation("c"))
        genesys.answer(.alerting)
        #expect(try await first.kind == .alerting)
        async let second = part()
        await genesys.isAsked(2)
        genesys.answer(.connected)
        #expect(try await second.kind == .connected)
    }

    @Test func aRefusalHoldsAsLongAsAnAnswer() async throws {
        for _ in 0..<2 {
            async let asked = refusal()
            await genesys.isAsked(1)
            genesys.answer(nil)
            #expect(await asked == .notParticipant)
        }
        #expect(genesys.count == 1)
    }

    @Test(arguments: [AgentPart.Kind.alerting, .connected, .ended, .onlooker, nil])
    func onlyThatSomebodyHasOrHadItHoldsForLong(_ kind: AgentPart.Kind?) async throws {
        async let first = refusal()
        await genesys.isAsked(1)
        genesys.answer(kind)
        _ = await first
        clock.advance(by: .seconds(2))
        let holds = kind == .connected || kind == .ended
        async let second = refusal()
        if !holds {
            await genesys.isAsked(2)
            genesys.answer(kind)
        }
        _ = await second
        #expect(genesys.count == (holds ? 1 : 2))
    }

    @Test func oneLoginKnowsNothingOfAnother() async throws {
        async let first = part()
        await genesys.isAsked(1)
        genesys.answer(.connected)
        _ = try await first
        async let second = refusal(key: 2)
        await genesys.isAsked(2)
        genesys.answer(nil)
        #expect(await second == .notParticipant)
    }

    private func part(anew: Bool = false, key: UInt8 = 1) async throws -> AgentPart {
        try await access.part(of: session(key), in: .conversation("c"), anew: anew)
    }

    /// - Returns: `nil` where there is a part.
    private func refusal(key: UInt8 = 1) async -> ParticipationError? {
        do throws(ParticipationError) {
            _ = try await access.part(of: session(key), in: .conversation("c"))
            return nil
        } catch {
            return error
        }
    }

    private func session(_ key: UInt8 = 1) -> Session {
        Session(
            key: [key], access: AgentAccess(agent: Agent(id: "a"), token: "t"),
            expires: clock.now + .seconds(3600))
    }

    /// Lets the tasks that can go on do so.
    private func settle() async { for _ in 0..<1000 { await Task.yield() } }
}

/// Answers when a test says so.
private final class SlowGenesys: Oversight & Participation {
    private let asked = Mutex(0)
    private let waiting = Mutex<[CheckedContinuation<AgentPart.Kind?, Never>]>([])

    var count: Int { asked.withLock { $0 } }

    /// Waits until that many questions were asked, and the last one waits for its answer.
    func isAsked(_ count: Int) async {
        while self.count < count { await Task.yield() }
    }

    /// Answers the oldest question, if there is one.
    func answer(_ kind: AgentPart.Kind?) {
        waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }?.resume(returning: kind)
    }

    func part(
        of agent: AgentAccess, in conversation: String
    ) async throws(ParticipationError) -> AgentPart {
        let kind = await withCheckedContinuation { continuation in
            waiting.withLock { $0.append(continuation) }
            asked.withLock { $0 += 1 }
        }
        guard let kind else { throw .notParticipant }
        return AgentPart(kind)
    }

    func wrapUpCodes(
        of conversation: String, as agent: AgentAccess
    ) async throws(ParticipationError) -> [WrapUp] { [] }

    func finish(
        _ conversation: String, as agent: AgentAccess, wrapUp: WrapUp?
    ) async throws(ParticipationError) {}

    func visible(
        _ conversations: [String], to agent: AgentAccess
    ) async throws(ParticipationError) -> Set<String> { [] }

    func part(
        of agent: AgentAccess, atQueue queue: String
    ) async throws(ParticipationError) -> AgentPart { throw .notParticipant }
}
