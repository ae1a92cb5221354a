import Outbox
import Sandbox
import TestSupport
import Testing

@testable import GenesysCloud

@Suite(.timeLimit(.minutes(15)))
struct AttributeLookUpTests {
    @Test func findsTheMarkerAmongAllConversationsOfTheTime() async throws {
        try await Bench.with([.attributes]) { bench in
            for number in Int64(10)..<70 { try await bench.delivered(number) }
            try await bench.doubted(70)
            let created = try await bench.conversation(of: 70)
            #expect(await bench.look(for: 70) == .found(reference: created.id))
            #expect(bench.calls(.attributes) == 4)
        }
    }

    @Test func isSureOfAnAbsenceOnlyBetweenAnEarlierAndALaterConversation() async throws {
        try await Bench.with([.attributes]) { bench in
            try await bench.doubted(2, applied: false)
            #expect(await bench.look(for: 2).says("nothing yet that was created after"))
            try await bench.delivered(3)
            #expect(await bench.look(for: 2).says("nothing from before the attempt"))
            try await bench.delivered(4, fence: 1)
            #expect(await bench.look(for: 2).label == "absent")
        }
    }

    @Test func waitsForAnIndexThatIsBehind() async throws {
        try await Bench.with([.attributes]) { bench in
            try await bench.delivered(1)
            bench.genesys.advance(by: .seconds(120))
            await bench.sandbox.change { $0.searchLag = 60 }
            try await bench.doubted(2)
            try await bench.delivered(3)
            #expect(await bench.look(for: 2).label == "unseen")
            bench.genesys.advance(by: .seconds(60))
            #expect(await bench.look(for: 2).reference != nil)
        }
    }

    @Test func concludesNothingFromAnIndexThatMovesOnWhileItIsRead() async throws {
        try await Bench.with([.attributes]) { bench in
            try await bench.delivered(1)
            bench.genesys.advance(by: .seconds(120))
            await bench.sandbox.change { $0.searchLag = 60 }
            try await bench.doubted(2)
            try await bench.delivered(3)
            await bench.sandbox.plan(.init(on: .search, do: .hold, skip: 1))
            async let sighting = bench.look(for: 2)
            try await bench.sandbox.held()
            await bench.sandbox.change { $0.searchLag = 0 }
            await bench.sandbox.release()
            #expect(await sighting.reference != nil)
        }
    }

    @Test(arguments: [-3, 3])
    func concludesNothingWithAClockThatIsHoursOff(hoursAhead: Int) async throws {
        try await Bench.with([.attributes], ahead: .seconds(hoursAhead * 3600)) { bench in
            try await bench.delivered(1)
            try await bench.doubted(2)
            try await bench.delivered(3)
            #expect(await bench.look(for: 2).label == "unseen")
        }
    }

    @Test func readsALongTimeInWindowsThatAreAllowed() async throws {
        try await Bench.with([.attributes]) { bench in
            let attemptedAt = bench.clock.now
            try await bench.doubted(2)
            bench.clock.advance(by: .seconds(23 * 3600))
            #expect(await bench.look(for: 2, attemptedAt: attemptedAt).reference != nil)
            #expect(bench.calls(.attributes) == 12)
            bench.clock.advance(by: .seconds(3600))
            let later = await bench.look(for: 2, attemptedAt: attemptedAt)
            #expect(later.label == "unseen")
            #expect(later.says("too long ago"))
            #expect(bench.calls(.attributes) == 12)
        }
    }

    @Test func givesUpOnMoreTrafficThanCanBeReadThrough() async throws {
        try await Bench.with { bench in
            for number in 1...51 { try await bench.delivered(Int64(number)) }
            func search(_ pages: Int) -> AttributeSearch {
                AttributeSearch(
                    client: bench.client, maxPages: pages,
                    fences: { _ throws(StoreError) in [:] })
            }
            let marker = bench.entry(51).id.description
            let span = bench.clock.now...bench.clock.now
            #expect(try await search(2).traces(of: marker, within: span).count == 1)
            await #expect(throws: SearchError.unclear("too much traffic to read through")) {
                try await search(1).traces(of: marker, within: span)
            }
        }
    }
}
