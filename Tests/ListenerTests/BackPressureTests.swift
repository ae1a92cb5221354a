import Foundation
import Listener
import Outbox
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct BackPressureTests {
    @Test func aFullOutboxIsToldAsTheTimeItNeedsToDrain() async throws {
        var shops = try Shops()
        shops.settings.pressure.maxPending = 2
        shops.relay.destinations = [
            .init(name: .genesys, closed: nil, quota: nil, perMinute: 30)
        ]
        try await shops.serve { port in
            let client = try Client(port: port)
            func post(_ fields: [(String, String)] = [token]) async throws -> Client.Answer {
                client.send(request("POST", "/v1/messages", fields, body: message()))
                return try #require(try await client.answer())
            }
            #expect(try await post().status == 202)
            #expect(try await post().status == 202)
            let refused = try await post()
            #expect(refused.status == 503 && refused["retry-after"] == "4")
            #expect(try await post([]).status == 401)
            let claim = try await shops.store.claim(from: [Route(.default)], limit: 1).claims[0]
            try await shops.store.settle(
                Settlement(
                    entry: claim.deliveries[0].entry.id, fence: claim.fence,
                    report: Report(.delivered(reference: "c")),
                    verdict: .delivered(reference: "c")))
            #expect(try await post().status == 202)
        }
        #expect(try await shops.entries.count == 3)
    }

    @Test(arguments: [("closed", 300), ("slow", 300)])
    func nobodyIsSentAwayForMoreThanFiveMinutes(how: String, seconds: Int) async throws {
        var shops = try Shops()
        let closure = RelayStatus.Closure(reason: "x", lasting: .zero, nextProbe: nil)
        shops.relay.destinations = [
            .init(
                name: .genesys, closed: how == "closed" ? closure : nil, quota: nil,
                perMinute: 0.001)
        ]
        shops.settings.pressure.maxPending = 1
        try await shops.serve { port in
            let client = try Client(port: port)
            for status in [202, 503] {
                client.send(request("POST", "/v1/messages", [token], body: message()))
                let answer = try #require(try await client.answer())
                #expect(answer.status == status)
                #expect(answer["retry-after"] == (status == 503 ? "\(seconds)" : nil))
            }
        }
    }

    @Test func aDiskThatIsAlmostFullTakesNothing() async throws {
        var shops = try Shops()
        shops.settings.pressure.minFree = 1000
        shops.store.setFreeBytes(999)
        let refused = try await shops.ask(
            request("POST", "/v1/messages", [token], body: message()))
        try await shops.expectRefusal(refused, 503)
        #expect(refused["retry-after"] == "60")
        shops.store.setFreeBytes(1000)
        let taken = try await shops.ask(request("POST", "/v1/messages", [token], body: message()))
        #expect(taken.status == 202)
    }
}
