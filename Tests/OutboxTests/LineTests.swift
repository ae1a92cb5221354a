import Logging
import Testing

@testable import Outbox

struct LineTests {
    var line = Line(Nowhere(), routes: ["a", "b"].map { RouteName($0) }, concurrency: 4)
    let a = Route(RouteName("a"))
    let b = Route(RouteName("b"))

    func claim(_ route: Route) -> Claim {
        Claim(
            fence: Fence(rawValue: 1), lane: LaneID(rawValue: 1), route: route, deliveries: [],
            startedAt: Timestamp(milliseconds: 0))
    }

    /// The outcome of one claim from that route.
    mutating func settle(
        _ outcome: Outcome, _ route: Route, at uptime: Duration, probe: Bool = false
    )
        -> [GateEvent]
    {
        line.begin(claim(route), probing: probe)
        return line.end(claim(route), with: outcome, at: uptime)
    }

    @Test func claimsFromAllRoutesTogether() {
        let rounds = line.rounds(at: .zero)
        #expect(rounds.count == 1)
        #expect(Set(rounds[0].routes) == [a, b])
        #expect(!rounds[0].isProbe)
    }

    @Test mutating func stopsOneRouteThatIsMisconfiguredAndSaysSoOnce() {
        let first = settle(.misconfigured("403"), a, at: .zero)
        #expect(first == [.stopped(a, reason: "403")])
        let second = settle(.misconfigured("403"), a, at: .zero)
        #expect(second == [])
        #expect(line.rounds(at: .seconds(1)) == [.init(routes: [b], isProbe: false)])
        #expect(line.reach.first { $0.0 == a }?.1 == false)
        #expect(line.reach.first { $0.0 == b }?.1 == true)
    }

    @Test mutating func probesAStoppedRouteEachMinuteBesideTheOthersAndResumesIt() {
        _ = settle(.misconfigured("403"), a, at: .zero)
        #expect(
            line.rounds(at: .seconds(60)) == [
                .init(routes: [b], isProbe: false), .init(routes: [a], isProbe: true),
            ])
        let resumed = settle(.delivered(reference: "c"), a, at: .seconds(60), probe: true)
        #expect(resumed == [.resumed(a.name)])
    }

    @Test mutating func closesEverythingWhenTheDestinationCannotBeReached() {
        let closed = settle(.unreachable("refused"), a, at: .zero)
        #expect(closed == [.unreachable(.genesys, reason: "refused")])
        #expect(line.rounds(at: .seconds(4)) == [])
        #expect(line.nextProbe(after: .seconds(4)) == .seconds(5))
        #expect(line.rounds(at: .seconds(5)).map(\.isProbe) == [true])
        #expect(line.reach.allSatisfy { !$0.1 })
        let reopened = settle(.delivered(reference: "c"), b, at: .seconds(5), probe: true)
        #expect(reopened == [.reachable(.genesys)])
        #expect(line.rounds(at: .seconds(5)).map(\.isProbe) == [false])
    }

    @Test mutating func asksForNoWakeUpOnceTheProbeIsDue() {
        _ = settle(.unreachable("refused"), a, at: .zero)
        #expect(line.nextProbe(after: .seconds(5)) == nil)
    }

    @Test mutating func goesOnProbingAfterAProbeWhoseOutcomeIsUnknown() {
        _ = settle(.unreachable("refused"), a, at: .zero)
        let nothing = settle(.unknown("stalled"), a, at: .seconds(5), probe: true)
        #expect(nothing == [])
        #expect(line.rounds(at: .seconds(9)) == [])
        #expect(line.rounds(at: .seconds(10)).map(\.isProbe) == [true])
    }

    @Test mutating func opensAgainAtAnyAnswerForWhoAnswersCanBeReached() {
        for outcome in [Outcome.unknown("500"), .throttled(after: .seconds(9), "429")] {
            _ = settle(.unreachable("refused"), a, at: .zero)
            line.begin(claim(a), probing: true)
            let events = line.end(claim(a), with: outcome, answered: true, at: .seconds(5))
            #expect(events == [.reachable(.genesys)])
            #expect(line.rounds(at: .seconds(5)).map(\.isProbe) == [false])
        }
    }

    @Test(arguments: [false, true])
    func agesWhileCallsFailOnlyWhereThatIsAsked(agesWhileFailing: Bool) {
        var line = Line(Nowhere(), routes: [a.name], agesWhileFailing: agesWhileFailing)
        for _ in 0..<5 {
            line.begin(claim(a), probing: false)
            _ = line.end(claim(a), with: .failed(after: nil, "500"), answered: true, at: .zero)
        }
        #expect(line.rounds(at: .zero) == [])
        #expect(line.reach.map(\.1) == [agesWhileFailing])
    }

    @Test mutating func keepsAsManyUnderWayAsItMay() {
        for _ in 0..<4 { line.begin(claim(a), probing: false) }
        #expect(line.room == 0)
        _ = line.end(claim(a), with: .delivered(reference: nil), at: .zero)
        #expect(line.room == 1)
    }
}

private struct Nowhere: Destination {
    let joins = false
    let name = DestinationName.genesys
    let pacer = Pacer(perMinute: nil, environment: .live)
    let breakers = Breakers(.genesys, environment: .live, logger: Logger(label: "test"))
    func deliver(_ claim: Claim) async -> Report { Report(.unknown("nowhere")) }
    func look(for look: Look) async -> Sighting { .blind("nowhere") }
}
