import CurlTransport
import ExactJSON
import LoopbackServer
import Outbox
import ShopCallback
import Testing

@testable import Bridge

@Suite(.timeLimit(.minutes(15)))
struct CallbackTrialTests {
    @Test func saysThatTheShopTookIt() async throws {
        let trial = try await trial("200 OK")
        #expect(
            try trial.success(colored: false)
                == "ok  acme at \(trial.url) took evt_1: it answered 200.")
        #expect(try trial.success(colored: true).hasPrefix("\u{1B}[32mok\u{1B}[0m"))
    }

    @Test(arguments: [
        ("401 No", [], CommandFailure.Code.notAllowed, "one of this shop's callbackSecrets"),
        ("410 Gone", [], .notAllowed, "callbackURL"),
        (
            "422 No", ["Content-Type: application/problem+json"], .notAllowed,
            "refused evt_1: 422"
        ),
        ("500 Oops", [], .temporary, "answered 500"),
        ("503 Later", ["Retry-After: 7"], .temporary, "asks to wait 7 s"),
        ("301 Moved", ["Location: https://other.example/?secret"], .temporary, "other.example/;"),
    ])
    func saysWhatWentWrongAndWhatToDo(
        status: String, headers: [String], code: CommandFailure.Code, text: String
    ) async throws {
        let trial = try await trial(status, headers)
        let failure = #expect(throws: CommandFailure.self) { try trial.success(colored: false) }
        #expect(failure?.code == code)
        #expect(failure?.description.contains(text) == true, "\(failure?.description ?? "")")
    }

    @Test func saysThatNobodyIsThere() async throws {
        let refusing = try RefusingPort()
        let trial = try await trial(at: "http://127.0.0.1:\(refusing.port)/?key=secret")
        let failure = #expect(throws: CommandFailure.self) { try trial.success(colored: false) }
        #expect(failure?.code == .unavailable)
        #expect(failure?.description.contains("secret") == false)
    }

    @Test(arguments: [
        (nil, "No shop has a callbackURL."), ("de", "There is no shop de; there are: default."),
        ("default", "The shop default has no callbackURL."),
    ])
    func namesTheShopThatCannotBeTried(shop: String?, message: String) {
        var settings = Settings()
        settings.shops[ShopName("default")] = Settings.Shop()
        let failure = #expect(throws: CommandFailure.self) {
            _ = try settings.callback(of: shop.map { ShopName($0) })
        }
        #expect(failure?.message == message)
    }

    @Test func asksWhichOfSeveralShops() throws {
        var settings = Settings()
        for name in ["de", "fr"] {
            var shop = Settings.Shop()
            shop.callbackURL = WebAddress("https://\(name).example/")
            shop.callbackSecrets = [Secret(whsec)]
            settings.shops[ShopName(name)] = shop
        }
        let failure = #expect(throws: CommandFailure.self) { _ = try settings.callback(of: nil) }
        #expect(failure?.message == "Several shops have a callback: de, fr.")
        #expect(try settings.callback(of: ShopName("fr")).0 == ShopName("fr"))
    }

    // MARK: -

    private func trial(_ status: String, _ headers: [String] = []) async throws -> CallbackTrial {
        let server = try LoopbackServer { connection in
            while try connection.readRequest() != nil {
                try connection.respond(status, headers: headers)
            }
        }
        let trial = try await trial(at: "http://127.0.0.1:\(server.port)/answers")
        let request = try #require(server.requests.first)
        #expect(try JSON(parsing: request.body)["type"] == "bridge.test")
        #expect(request.header("webhook-id") == "evt_1")
        return trial
    }

    private func trial(at text: String) async throws -> CallbackTrial {
        let url = try #require(WebAddress(text))
        let secret = try #require(SigningSecret(whsec))
        let profile = CallbackProfile(
            address: CallbackAddress(url: text, host: url.origin.host), secrets: [secret],
            toName: "Acme")
        let transport = CurlTransport(userAgent: "test")
        let report = await CallbackClient(profile, transport: transport, environment: .live)
            .post(CallbackTest.notice(id: "evt_1", at: Environment.live.now()))
        await transport.shutdown()
        return CallbackTrial(shop: ShopName("acme"), url: url, id: "evt_1", report: report)
    }
}
