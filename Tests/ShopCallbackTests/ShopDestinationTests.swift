import Crypto
import CurlTransport
import ExactJSON
import FoundationEssentials
import LoopbackServer
import Outbox
import TestSupport
import Testing

@testable import ShopCallback

@Suite(.timeLimit(.minutes(15)))
struct ShopDestinationTests {
    let scene = Scene()

    @Test func postsOneSignedNoticeToTheShop() async throws {
        let shop = try LoopbackServer.shop()
        try await withTransport { transport in
            let destination = scene.destination(scene.profile(url: shop.url), transport)
            #expect(destination.name == .callback(of: scene.shop))
            let report = await destination.deliver(scene.claim(.message(scene.answer)))
            #expect(report == Report(.delivered(reference: nil), status: 204))
        }
        let request = try #require(shop.requests.first)
        #expect(shop.requests.count == 1)
        #expect(request.method == "POST")
        #expect(request.target == "/callback")
        #expect(request.header("User-Agent") == "genesys-bridge/1")
        #expect(request.header("Content-Type") == "application/json")
        #expect(request.header("webhook-id") == "evt_\(scene.entry.id)")
        #expect(request.header("webhook-timestamp") == "1772615564")
        #expect(try JSON(parsing: request.body)["id"] == .string("evt_\(scene.entry.id)"))
    }

    @Test func everySecretSignsTheVeryBytesThatAreSent() async throws {
        let shop = try LoopbackServer.shop()
        try await withTransport { transport in
            let profile = scene.profile(url: shop.url, secrets: 2)
            _ = await scene.destination(profile, transport)
                .deliver(scene.claim(.message(scene.answer)))
        }
        let request = try #require(shop.requests.first)
        let expected = try scene.secrets.map { secret in
            let key = try #require(Data(base64Encoded: String(secret.dropFirst(6))))
            let signed =
                Array("evt_\(scene.entry.id).1772615564.".utf8) + request.body
            let code = HMAC<SHA256>.authenticationCode(
                for: signed, using: SymmetricKey(data: key))
            return "v1,\(Data(code).base64EncodedString())"
        }
        #expect(request.header("webhook-signature") == expected.joined(separator: " "))
        #expect(expected[0] != expected[1])
    }

    @Test func eachAttemptAsksWhereAnAttachmentCanBeHad() async throws {
        let shop = try LoopbackServer.shop()
        let clock = scene.clock
        try await withTransport { transport in
            let destination = scene.destination(scene.profile(url: shop.url), transport) {
                "https://bridge.example/\($0.name)?at=\(clock.now)"
            }
            for _ in 0..<2 {
                _ = await destination.deliver(scene.claim(.message(scene.answer)))
                clock.advance(by: .seconds(8 * 86_400))
            }
        }
        let urls = try shop.requests.map {
            try JSON(parsing: $0.body)["data"]?["reply"]?["attachments"]?.array?.first?["url"]
        }
        #expect(
            urls == [
                "https://bridge.example/label.pdf?at=2026-03-04T09:12:44.120Z",
                "https://bridge.example/label.pdf?at=2026-03-12T09:12:44.120Z",
            ])
    }

    @Test func anotherAttemptHasTheSameIdAndBodyAndATimeOfItsOwn() async throws {
        let shop = try LoopbackServer.shop()
        try await withTransport { transport in
            let destination = scene.destination(scene.profile(url: shop.url), transport)
            _ = await destination.deliver(scene.claim(.message(scene.answer)))
            scene.clock.advance(by: .seconds(301))
            _ = await destination.deliver(scene.claim(.message(scene.answer)))
        }
        let requests = shop.requests
        #expect(requests.map(\.body).count == 2)
        #expect(Set(requests.map(\.body)).count == 1)
        #expect(Set(requests.compactMap { $0.header("webhook-id") }).count == 1)
        #expect(
            requests.compactMap { $0.header("webhook-timestamp") } == ["1772615564", "1772615865"])
        #expect(Set(requests.compactMap { $0.header("webhook-signature") }).count == 2)
    }

    @Test func looksForNothingAndSendsADoubtfulOneAgain() async throws {
        let shop = try LoopbackServer.shop()
        let look = Look(
            entry: scene.entry, route: .callback(of: scene.shop), fence: Fence(rawValue: 1),
            since: Fence(rawValue: 1), attemptedAt: scene.clock.now, number: 0, age: .zero)
        try await withTransport { transport in
            let destination = scene.destination(scene.profile(url: shop.url), transport)
            let sighting = await destination.look(for: look)
            #expect(sighting.label == "blind")
            let verdict = RetryPolicy.callback().verdict(
                on: sighting, of: look, now: scene.clock.now)
            #expect(verdict == .resend(reason: sighting.reason ?? ""))
        }
        #expect(shop.requests.isEmpty)
    }

    // MARK: - No answer

    @Test func isUnreachableWhereNothingListens() async throws {
        let refusing = try RefusingPort()
        try await withTransport { transport in
            let profile = scene.profile(url: "http://127.0.0.1:\(refusing.port)/")
            let report = await scene.destination(profile, transport)
                .deliver(scene.claim(.message(scene.answer)))
            #expect(report.outcome.label == "unreachable")
        }
    }

    @Test func anAnswerThatIsLostIsSafeToRepeat() async throws {
        let shop = try LoopbackServer { connection in
            _ = try connection.readRequest()
            connection.reset()
        }
        try await withTransport { transport in
            let report = await scene.destination(scene.profile(url: shop.url), transport)
                .deliver(scene.claim(.message(scene.answer)))
            #expect(report.outcome.label == "failed")
            #expect(report.status == nil)
        }
        #expect(shop.requests.count == 1)
    }

    @Test func aShopThatStallsHasFifteenSeconds() async throws {
        try await withTransport { transport in
            let client = CallbackClient(
                scene.profile(url: "http://127.0.0.1/"), transport: transport,
                environment: scene.clock.environment)
            let notice = Notice(type: "a.b", id: "1", timestamp: "", data: .null)
            #expect(client.request(notice).timeout == .seconds(15))
        }
    }

    @Test func aDeliveryThatIsCutOffIsSafeToRepeat() async throws {
        let (begun, begin) = AsyncStream<Void>.makeStream()
        let shop = try LoopbackServer { connection in
            _ = try connection.readRequest()
            begin.yield()
            try connection.waitForClose()
        }
        try await withTransport { transport in
            let destination = scene.destination(scene.profile(url: shop.url), transport)
            let delivering = Task {
                await destination.deliver(scene.claim(.message(scene.answer))).outcome
            }
            for await _ in begun { break }
            delivering.cancel()
            #expect(await delivering.value == .failed(after: nil, "cancelled"))
        }
    }

    // MARK: - Private networks

    @Test func goesToNoPrivateAddressThatANameTurnsOutToHave() async throws {
        let shop = try LoopbackServer.shop()
        try await withTransport { transport in
            // As with a name that was made to point here since the settings were written.
            let profile = scene.profile(url: shop.url, host: "shop.example")
            let report = await scene.destination(profile, transport)
                .deliver(scene.claim(.message(scene.answer)))
            #expect(report.outcome.label == "unreachable")
            #expect(report.outcome.reason?.contains("callback.privateNetworks") == true)
        }
        #expect(shop.connectionCount == 0)
    }

    @Test(arguments: [
        ("localhost", "localhost", nil), ("127.0.0.1", "127.0.0.1", nil),
        ("localhost", "shop.example", "127.0.0.0/8"),
    ])
    func goesWhereTheSettingsMeanIt(url: String, host: String, network: String?) async throws {
        let shop = try LoopbackServer.shop()
        let networks = network.flatMap { IPNetwork($0) }.map { [$0] } ?? []
        try await withTransport { transport in
            let profile = scene.profile(
                url: "http://\(url):\(shop.port)/", host: host, privateNetworks: networks)
            let report = await scene.destination(profile, transport)
                .deliver(scene.claim(.message(scene.answer)))
            #expect(report.outcome == .delivered(reference: nil))
        }
    }

    @Test func aNameThatIsMeantAllowsNoOtherAddress() throws {
        let localhost = CallbackAddress(url: "http://localhost/", host: "localhost")
        #expect(localhost.refusal(of: try #require(IPAddress("::1"))) == nil)
        #expect(localhost.refusal(of: try #require(IPAddress("10.0.0.1"))) != nil)
        let literal = CallbackAddress(url: "http://10.0.0.1/", host: "10.0.0.1")
        #expect(literal.refusal(of: try #require(IPAddress("10.0.0.1"))) == nil)
        #expect(literal.refusal(of: try #require(IPAddress("10.0.0.2"))) != nil)
        #expect(literal.refusal(of: try #require(IPAddress("1.1.1.1"))) == nil)
    }
}
