import Listener
import Outbox
import Testing

@testable import Bridge

@Suite struct WidgetSettingsTests {
    @Test func withoutAClientThereIsNoTab() throws {
        #expect(try load("").widgetSettings == nil)
        #expect(try load("listen.publicURL: https://bridge.example").widgetSettings == nil)
    }

    @Test func theRegionsOwnPagesShowIt() throws {
        let settings = try #require(
            try load("genesys.region: mypurecloud.de\n\(least)").widgetSettings)
        #expect(settings.origin == "https://bridge.example")
        #expect(settings.ancestors == ["https://apps.mypurecloud.de"])
        #expect(settings.login == .auto)
        #expect(settings.undo == .seconds(5))
        #expect(settings.shopNames == [ShopName("default"): "Online shop"])
        #expect(settings.queues == [.default: "3f6a0c1e-0000-4000-8000-000000000001"])
    }

    @Test func everyKeyArrivesInItsPlace() throws {
        let loaded = try load(
            """
            genesys.region: mypurecloud.de
            \(least)
            widget:
              clientSecret: hush
              login: popup
              frameAncestors: [https://crm.example]
              sessionKeys: [\(key), \(otherKey)]
              undo: 0s
              maxFile: 1MiB
              fileTypes: [Image/PNG]
              linkLifetime: 30d
            """)
        let settings = try #require(loaded.widgetSettings)
        #expect(loaded.widget.clientSecret.text == "hush")
        #expect(settings.ancestors == ["https://apps.mypurecloud.de", "https://crm.example"])
        #expect(settings.sessionKeys == [zeros, [1] + zeros.dropFirst()])
        #expect(settings.login == .popup)
        #expect(settings.undo == .zero)
        #expect(settings.maxFile == 1 << 20)
        #expect(settings.fileTypes == ["image/png"])
        #expect(settings.linkLifetime == .seconds(30 * 86_400))
    }

    @Test(arguments: [
        ("widget.clientID: w", "listen.publicURL is missing"),
        (
            "widget.clientID: w\nlisten.publicURL: https://bridge.example",
            "widget.frameAncestors is missing"
        ),
        ("widget.sessionKeys: [\(key)]", "there is no widget.clientID"),
        ("widget.clientSecret: hush", "there is no widget.clientID"),
        ("widget.frameAncestors: [https://crm.example]", "there is no widget.clientID"),
        ("widget.sessionKeys: [c2hvcnQ=]", "the base64 of 32 bytes"),
        (
            "widget.frameAncestors: [https://crm.example, https://a.example/path]",
            "widget.frameAncestors: item 2 is “https://a.example/path”, not an address such as"
        ),
        ("widget.frameAncestors: [http://crm.example]", "http only for this machine"),
        ("widget.fileTypes: [png]", "a media type such as image/png"),
        ("listen.publicURL: http://bridge.example", "http only for this machine"),
    ])
    func saysWhatIsMissingOrWrong(yaml: String, words: String) {
        #expect { try load(yaml) } throws: { "\($0)".contains(words) }
    }

    @Test func theSummarySaysWhereTheTabIsAndHowLongALoginLasts() throws {
        #expect(try load("").summary.contains("none: widget.clientID is not set"))
        let short = try load("genesys.region: mypurecloud.de\n\(least)").summary
        #expect(
            short.contains(
                "https://bridge.example/widget, login in the tab, else in a window, again after "
                    + "each start of the bridge: there is no widget.sessionKeys\n"))
        let long = try load(
            "genesys.region: mypurecloud.de\n\(least)\nwidget.login: popup\n"
                + "widget.sessionKeys: [\(key)]"
        ).summary
        #expect(long.contains("https://bridge.example/widget, login in a window\n"))
        #expect(!long.contains(key))
    }

    @Test func theSummaryNamesTheOriginsOfThePagesAroundTheTab() throws {
        let summary = try load(
            "genesys.region: mypurecloud.de\n\(least)\nwidget.frameAncestors: [https://crm.example]"
        ).summary
        #expect(
            summary.split(whereSeparator: \.isNewline).contains {
                $0.contains("framed by")
                    && $0.hasSuffix("https://apps.mypurecloud.de, https://crm.example")
            })
    }

    @Test func browsersAreComparedWithWhatTheyWriteThemselves() throws {
        let settings = try #require(
            try load(
                """
                widget.clientID: w
                listen.publicURL: https://Bridge.Example.com:443
                widget.frameAncestors: ["http://LOCALHOST:8090"]
                """
            ).widgetSettings)
        #expect(settings.origin == "https://bridge.example.com")
        #expect(settings.redirect == "https://bridge.example.com/widget/callback")
        #expect(settings.ancestors == ["http://localhost:8090"])
    }

    private let zeros = [UInt8](repeating: 0, count: 32)

    private func load(_ yaml: String) throws -> Settings {
        try Settings.load(SettingsInput(yaml: minimal + "\n" + yaml))
    }
}

private let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
private let otherKey = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
private let least = "listen.publicURL: https://bridge.example\nwidget.clientID: w"
private let minimal = """
    genesys.loginURL: https://login.example
    genesys.apiURL: https://api.example
    genesys.clientID: c
    genesys.clientSecret: s
    genesys.queueID: 3f6a0c1e-0000-4000-8000-000000000001
    shop.secrets: [whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=]
    store.path: /tmp/outbox.sqlite
    """
