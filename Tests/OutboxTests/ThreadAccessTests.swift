import Outbox
import Testing

struct ThreadAccessTests {
    @Test func whoHasTheConversationMayDoAllThatAnAgentDoes() {
        let access = access(.connected)
        #expect(access.acts == [.write, .attach, .finish, .dismiss, .retry, .mail])
        #expect(access.obstacle == nil)
    }

    @Test func whereItRingsItHasToBeTakenFirst() {
        let access = access(.alerting, supervises: true, isLive: false)
        #expect(access.acts == [])
        #expect(access.obstacle == .alerting)
    }

    @Test func onceAPartHasEndedItCanOnlyBeRead() {
        #expect(access(.ended).acts == [])
        #expect(access(.ended).obstacle == .ended)
    }

    @Test func whoHandedItOnIsToldThatItGoesOn() {
        let access = ThreadAccess(
            AgentPart(.ended), awaiting: .agent, isLive: true, isHandedOn: true, takesFiles: true)
        #expect(access.acts == [])
        #expect(access.obstacle == .handedOn)
    }

    @Test func aWrapUpCodeThatIsStillDemandedCanBeGivenAfterTheEnd() {
        #expect(access(AgentPart(.ended, requiresWrapUp: true)).acts == [.finish])
        let given = AgentPart(.ended, requiresWrapUp: true, wrapUp: WrapUp(code: "7"))
        #expect(access(given).acts == [])
    }

    @Test func anOnlookerReads() {
        #expect(access(.onlooker).acts == [])
        #expect(access(.onlooker).obstacle == .onlooker)
    }

    @Test(arguments: [AgentPart.Kind.onlooker, .ended])
    func whoMayAssignConversationsActsInPlaceOfTheAgent(_ kind: AgentPart.Kind) {
        let access = access(kind, supervises: true, isLive: false)
        #expect(access.acts == [.retry, .recreate, .dismiss])
        #expect(access.obstacle != nil)
    }

    @Test func whatIsLiveIsNotCreatedAgain() {
        #expect(!access(.onlooker, supervises: true).allows(.recreate))
    }

    @Test(arguments: [Awaiting.customer, .none])
    func whereNobodyWaitsNothingIsDismissedOrCreatedAgain(_ awaiting: Awaiting) {
        #expect(!access(.connected, awaiting: awaiting).allows(.dismiss))
        let supervisor = access(
            .onlooker, supervises: true, awaiting: awaiting, isLive: false)
        #expect(supervisor.acts == [.retry])
    }

    @Test func filesAreOnlyForWhereTheyAreTaken() {
        #expect(!access(.connected, takesFiles: false).allows(.attach))
    }

    private func access(
        _ kind: AgentPart.Kind, supervises: Bool = false, awaiting: Awaiting = .agent,
        isLive: Bool = true, takesFiles: Bool = true
    ) -> ThreadAccess {
        access(
            AgentPart(kind, supervises: supervises), awaiting: awaiting, isLive: isLive,
            takesFiles: takesFiles)
    }

    private func access(
        _ part: AgentPart, awaiting: Awaiting = .agent, isLive: Bool = true,
        takesFiles: Bool = true
    ) -> ThreadAccess {
        ThreadAccess(part, awaiting: awaiting, isLive: isLive, takesFiles: takesFiles)
    }
}
