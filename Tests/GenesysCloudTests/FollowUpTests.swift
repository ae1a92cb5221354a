import CurlTransport
import ExactJSON
import Outbox
import Sandbox
import TestSupport
import Testing

@testable import GenesysCloud

@Suite(.timeLimit(.minutes(15)))
struct FollowUpTests {
    @Test func addsAllThatWaitToTheLiveConversationInOneCall() async throws {
        try await Bench.with { bench in
            let id = try await bench.delivered(1)
            let report = await bench.deliver([2, 3, 4], Standing(live: id))
            #expect(report.outcome == .delivered(reference: id))
            #expect(report.status == 200)
            let all = await bench.sandbox.conversations()
            #expect(all.map(\.id) == [id])
            #expect(all[0].attributes["bridge.last"] == "\(bench.entry(4).id)")
            #expect(all[0].attributes["bridge.key"] == "\(bench.entry(1).id)")
            #expect(all[0].attributes["order.number"] == "#4")
            #expect(bench.calls(.join) == 1)
            #expect(bench.calls(.create) == 1)
        }
    }

    @Test func joinsWhatAnAgentHas() async throws {
        try await Bench.with { bench in
            let id = try await bench.delivered(1)
            try await bench.sandbox.setAgent(.connected, on: id)
            #expect(
                await bench.deliver([2], Standing(live: id)).outcome == .delivered(reference: id))
        }
    }

    @Test func namesNoQueueAndNoMarkerForWhatIsRoutedAlready() {
        let body = FollowUpRequest(
            provider: "Acme", deliveries: [], shop: ShopProfile(toName: "Acme")
        ).json
        #expect(body == ["provider": "Acme", "attributes": [:]])
    }

    @Test func isGoneWhereTheConversationHasEnded() async throws {
        try await Bench.with { bench in
            let id = try await bench.delivered(1)
            try await bench.sandbox.end(id)
            let outcome = await bench.deliver([2], Standing(live: id)).outcome
            #expect(outcome.label == "gone")
            #expect(await bench.deliver([2], Standing(live: "none")).outcome.label == "gone")
            #expect(await bench.sandbox.conversations().count == 1)
        }
    }

    @Test(arguments: [
        (
            200,
            #"{"id": "c", "participants": [{"purpose": "customer", "provider": "Acme", "#
                + #""state": "disconnected"}]}"#, "gone"
        ),
        (
            200,
            #"{"id": "c", "participants": [{"purpose": "customer", "provider": "Acme", "#
                + #""state": "connected"}]}"#, "delivered"
        ),
        (200, "<h1>", "delivered"), (202, "", "delivered"),
        (404, "", "gone"), (409, #"{"code": "general.conflict"}"#, "gone"),
        (400, #"{"code": "conversation.error.participant.no.active.conversations"}"#, "gone"),
        (400, #"{"code": "bad.request"}"#, "refused"),
        (
            400, #"{"code": "postino.error.notnull.createconversationrequest.provider"}"#,
            "misconfigured"
        ),
        (401, "", "unauthorized"), (403, "", "misconfigured"), (408, "", "unknown"),
        (413, "", "refused"), (429, "", "throttled"), (500, "", "unknown"), (503, "", "unknown"),
        (302, "", "misconfigured"),
    ])
    func readsEveryAnswerToAJoin(status: Int, body: String, label: String) {
        let answer = Answer(.init(status: status, headers: [], body: Array(body.utf8)))
        #expect(Outcome(ofJoining: "c", answer, provider: "Acme").label == label)
    }

    @Test func doubtsAJoinWhoseAnswerIsLost() async throws {
        try await Bench.with { bench in
            let id = try await bench.delivered(1)
            await bench.sandbox.plan(
                .init(on: .change, do: .reset, applied: true))
            #expect(await bench.deliver([2], Standing(live: id)).outcome.label == "unknown")
        }
    }

    @Test func tellsANewConversationOfThoseBeforeIt() async throws {
        try await Bench.with { bench in
            _ = await bench.deliver([1], Standing(earlier: 2, lastAgent: Agent(id: "sam")))
            _ = await bench.deliver([2])
            let all = await bench.sandbox.conversations().map(\.attributes)
            #expect(all[0]["bridge.reopened"] == "2")
            #expect(all[0]["bridge.last_agent"] == "sam")
            #expect(all[0]["bridge.last"] == "\(bench.entry(1).id)")
            #expect(all[1]["bridge.reopened"] == nil)
            #expect(all[1]["bridge.last_agent"] == nil)
        }
    }

    // MARK: - Looks

    @Test func findsAJoinByTheLastEntryOfItsCall() async throws {
        try await Bench.with([]) { bench in
            let id = try await bench.delivered(1)
            _ = await bench.deliver([2, 3], Standing(live: id))
            #expect(
                await bench.look(for: 2, joining: bench.joining(id, 3)) == .found(reference: id))
            #expect(bench.calls(.conversation) == 1)
        }
    }

    @Test(arguments: [true, false])
    func provesThatAJoinIsAbsent(hasEnded: Bool) async throws {
        try await Bench.with([]) { bench in
            let id = try await bench.delivered(1)
            if hasEnded { try await bench.sandbox.end(id) }
            let sighting = await bench.look(for: 2, joining: bench.joining(id, 3))
            #expect(sighting.label == "absent")
            #expect(sighting.says("\(bench.entry(1).id) as the last that joined"))
            #expect(await bench.look(for: 2, joining: bench.joining("none", 3)).label == "absent")
        }
    }

    @Test func findsAnEntryWhoseCallIsForgottenByWhatJoinedLater() async throws {
        try await Bench.with([]) { bench in
            let id = try await bench.delivered(1)
            _ = await bench.deliver([2, 3], Standing(live: id))
            for number in [Int64(2), 3] {
                let sighting = await bench.look(for: number, joining: bench.joining(id, nil))
                #expect(sighting == .found(reference: id))
            }
        }
    }

    @Test func asksTheMarkersWhereTheForgottenCallDidNotJoin() async throws {
        try await Bench.with { bench in
            let id = try await bench.delivered(1)
            let own = try await bench.delivered(5)
            for conversation in [id, "none"] {
                let joining = bench.joining(conversation, nil)
                #expect(await bench.look(for: 5, joining: joining).reference == own)
            }
        }
    }

    @Test func looksForNothingMoreOfADeliveredJoin() async throws {
        try await Bench.with { bench in
            let id = try await bench.delivered(1)
            _ = await bench.deliver([2], Standing(live: id))
            let sighting = await bench.look(
                for: 2, .delivered, reference: id, joining: bench.joining(id, 2))
            #expect(sighting.label == "blind")
            #expect(bench.calls(.conversation) == 0)
        }
    }

    @Test func isUnavailableWhileTheConversationCannotBeRead() async throws {
        try await Bench.with([]) { bench in
            let id = try await bench.delivered(1)
            await bench.sandbox.plan(
                .init(on: .read, do: .status, status: 503))
            #expect(await bench.look(for: 2, joining: bench.joining(id, 2)).label == "unavailable")
            await bench.forbid("conversation:communication:view")
            #expect(await bench.look(for: 2, joining: bench.joining(id, 2)).label == "blind")
        }
    }

    // MARK: - Closing

    @Test func endsTheConversationOfAClosedThread() async throws {
        try await Bench.with { bench in
            let id = try await bench.delivered(1)
            for _ in 1...2 {
                #expect(await bench.close(Standing(live: id)) == .delivered(reference: nil))
            }
            #expect(await bench.close(Standing(live: "none")) == .delivered(reference: nil))
            #expect(await bench.sandbox.conversations()[0].state == .ended)
        }
    }

    @Test func hasNothingToEndWithoutALiveConversation() async throws {
        try await Bench.with { bench in
            let calls = await bench.sandbox.journal().count
            #expect(await bench.close(Standing()) == .delivered(reference: nil))
            #expect(await bench.sandbox.journal().count == calls)
        }
    }

    @Test func endsItLaterWhereItCannotNow() async throws {
        try await Bench.with { bench in
            let id = try await bench.delivered(1)
            await bench.sandbox.plan(
                .init(on: .change, do: .reset, applied: true),
                .init(on: .change, do: .status, status: 503))
            for _ in 1...2 { #expect(await bench.close(Standing(live: id)).label == "failed") }
            await bench.forbid("conversation:communication:disconnect")
            let outcome = await bench.close(Standing(live: id))
            #expect(outcome.label == "failed")
            #expect(outcome.reason?.contains("conversation:communication:disconnect") == true)
        }
    }
}

extension Bench {
    fileprivate func joining(_ conversation: String, _ last: Int64?) -> Look.Joining {
        Look.Joining(conversation: conversation, last: last.map { entry($0).id })
    }

    fileprivate func close(_ standing: Standing) async -> Outcome {
        let event = Event(.threadClose, at: clock.now)
        return await destination.deliver(claim([(9, .event(event))], standing)).outcome
    }
}
