import CurlTransport
import Logging
import Outbox
import ShopCallback
import Testing

@testable import Bridge

@Suite struct CallbackSettingsTests {
    @Test func withoutACallbackNobodyIsToldAnything() async throws {
        let settings = try load("")
        #expect(settings.aftercare == Aftercare())
        #expect(settings.conversation.followUps == .join)
        #expect(await lines(settings).isEmpty)
    }

    @Test func aCallbackHasALineOfItsOwnAndTheUsualEvents() async throws {
        let settings = try load(
            """
            shop.callbackURL: https://shop.example/answers?key=1
            shop.callbackSecrets: [\(first)]
            shops.de: {secrets: [\(second)]}
            """)
        let events: Set<EventName> = [.agentReply, .threadStatus, .messageDead]
        #expect(settings.aftercare.callbacks == [ShopName("default"): events])
        let lines = await lines(settings)
        #expect(lines.map(\.destination.name) == [.callback(of: ShopName("default"))])
        #expect(!settings.summary.contains("key=1"))
        #expect(settings.summary.contains("https://shop.example/answers, with agent.reply, "))
    }

    @Test func everyKeyArrivesInItsPlace() throws {
        let settings = try load(
            """
            shop:
              callbackURL: http://10.20.0.7:9000/answers
              callbackSecrets: [\(first), \(second)]
              events: [agent.reply, conversation.ended]
              agentName: alias
              agentAliases: {3F6A0C1E-0000-4000-8000-000000000006: Robin}
            callback:
              schedule: [1s, 1m]
              lifetime: 2h
              privateNetworks: [10.20.0.0/16, "fd00::/8"]
            conversation: {recreateAfter: [10m], unanswered: watch, followUps: new}
            """)
        let shop = try #require(settings.shops[ShopName("default")])
        #expect(shop.callbackURL?.description == "http://10.20.0.7:9000/answers")
        #expect(shop.callbackSecrets.map(\.text) == [first, second])
        #expect(shop.agentName == .alias)
        #expect(shop.agentAliases == ["3f6a0c1e-0000-4000-8000-000000000006": "Robin"])
        #expect(settings.callback.schedule == [.seconds(1), .seconds(60)])
        #expect(settings.callback.lifetime == .seconds(7200))
        #expect(settings.aftercare.recreateAfter == [.seconds(600)])
        #expect(
            settings.aftercare.callbacks.values.first == [.agentReply, .conversationEnded])
        let profile = try #require(settings.callbackProfile(shop))
        #expect(profile.secrets.count == 2)
        #expect(profile.address.refusal(of: try #require(IPAddress("10.20.9.9"))) == nil)
        #expect(profile.address.refusal(of: try #require(IPAddress("10.21.0.1"))) != nil)
    }

    @Test func theSecretComesAsACredentialToo() throws {
        var input = SettingsInput(
            yaml: minimal + "\nshop.callbackURL: https://shop.example/")
        input.credentials = ["shop.callbackSecrets": "\(first)\n\(second)\n"]
        let shop = try Settings.load(input).shops[ShopName("default")]
        #expect(shop?.callbackSecrets.map(\.text) == [first, second])
    }

    @Test(arguments: ["http://localhost:9000/", "http://127.0.0.1/", "http://[::1]:9000"])
    func thisMachineNeedsNoEncryption(url: String) throws {
        let yaml = "shop.callbackURL: '\(url)'\nshop.callbackSecrets: [\(first)]"
        #expect(try load(yaml).aftercare.callbacks.count == 1)
    }

    @Test(arguments: [
        ("shop.callbackURL: https://shop.example/", "shop.callbackSecrets is missing"),
        ("shop.callbackSecrets: [\(first)]", "shop.callbackSecrets is set, but there is no"),
        (
            "shop.callbackURL: http://shop.example/\nshop.callbackSecrets: [\(first)]",
            "shop.callbackURL is not https"
        ),
        (
            """
            shop.callbackURL: http://10.0.0.1/
            shop.callbackSecrets: [\(first)]
            callback.privateNetworks: [10.1.0.0/16]
            """,
            "shop.callbackURL is not https"
        ),
        (
            "shop.callbackURL: https://shop.example/\nshop.callbackSecrets: [\(whsec)]",
            "shop.callbackSecrets and shop.secrets have the same secret"
        ),
        (
            """
            shop.callbackURL: https://shop.example/
            shop.callbackSecrets: [\(first)]
            shop.events: [thread.status]
            """, "shop.events leaves out agent.reply"
        ),
    ])
    func refusesWhatDoesNotFitTogether(yaml: String, because message: String) throws {
        let error = #expect(throws: SettingsError.self) { try load(yaml) }
        let problems = try #require(error).problems.map(\.description)
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix(message) == true, "\(problems)")
    }

    // MARK: -

    private let minimal = """
        genesys.region: mypurecloud.de
        genesys.clientID: client
        genesys.clientSecret: demo-secret
        genesys.queueID: \(queue)
        store.path: /var/lib/genesys-bridge/outbox.sqlite
        shop.secrets: [\(whsec)]
        """

    private func load(_ yaml: String) throws(SettingsError) -> Settings {
        try .load(SettingsInput(yaml: "\(minimal)\n\(yaml)"))
    }

    private func lines(_ settings: Settings) async -> [Line] {
        let transport = CurlTransport(userAgent: "test")
        let lines = settings.callbackLines(
            transport, nil, .live, Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await transport.shutdown()
        return lines
    }
}

private let first = "whsec_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA"
private let second = "whsec_CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCA"
