import Outbox
import TestSupport
import Testing

@testable import Listener

/// A token that nobody will use is taken back.
@Suite(.timeLimit(.minutes(15))) struct WidgetUnusedLoginTests {
    private let scene = WidgetScene()
    private let proof = WidgetProof()

    @Test func aLoginThatNoTabComesForIsTakenBack() async throws {
        try await scene.serve { tab in
            _ = try await tab.other().handover(for: proof)
            let code = try await tab.other().handover(for: proof)
            #expect(try await tab.take(code, proof).status == 200)
            scene.clock.advance(by: Handovers.lifetime)
            while scene.genesys.takenBack.isEmpty { await Task.yield() }
            #expect(scene.genesys.takenBack == ["genesys-token-1"])
            #expect(try await tab.get("/widget/api/session").status == 200)
        }
    }

    @Test func theOldestOfTooManyIsGivenBackToBeTakenBack() throws {
        let handovers = Handovers()
        func login(_ number: Int) -> Handovers.Handover {
            .init(
                login: Login(
                    access: AgentAccess(
                        agent: WidgetLogins.agent, token: "\(number)", permissions: []),
                    lifetime: .seconds(3600)), since: scene.clock.now, challenge: proof.challenge)
        }
        for number in 0..<Handovers.most {
            let offer = handovers.offer(login(number), at: .seconds(number))
            #expect(offer.displaced == nil)
        }
        let offer = handovers.offer(login(-1), at: .seconds(Handovers.most))
        #expect(offer.displaced?.login.access.token == "0")
    }

    @Test func aLoginThatCannotBeKeptIsTakenBack() async throws {
        scene.store.failLogins()
        try await scene.serve { tab in
            let frame = try await tab.logIn()
            #expect(frame.status == 503)
            #expect(scene.genesys.takenBack == ["genesys-token-1"])
            let code = try await tab.other().handover(for: proof)
            #expect(try await tab.take(code, proof).status == 503)
            #expect(scene.genesys.takenBack == ["genesys-token-1", "genesys-token-2"])
        }
    }
}
