import FoundationEssentials
import Testing

@testable import Bridge

@Suite struct SettingsExampleTests {
    @Test func theExampleFileIsWhatTheTableSays() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "config/genesys-bridge.example.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(
            text == Settings.example,
            "Run: genesys-bridge settings > config/genesys-bridge.example.yaml")
    }

    @Test func theExampleNeedsOnlySecretsToStart() throws {
        var input = SettingsInput(yaml: Settings.example)
        input.environment = [
            "STATE_DIRECTORY": "/var/lib/genesys-bridge", "BRIDGE_SHOP_SECRETS": whsec,
            "BRIDGE_GENESYS_CLIENT_SECRET": "demo-secret",
        ]
        _ = try Settings.load(input)
    }

    @Test(arguments: Settings.examplePaths)
    func eachLineOfItIsGoodButASecretsOwn(path: [String]) throws {
        let key = try #require(path.last)
        var lines = Settings.example.split(separator: "\n").map(String.init)
        let section = try #require(
            lines.lastIndex {
                $0 == String(repeating: "  ", count: path.count - 2) + path[path.count - 2] + ":"
            })
        let line = try #require(
            lines[section...].firstIndex { $0.drop { " #".contains($0) }.hasPrefix("\(key):") })
        lines[line].removeAll { $0 == "#" }
        let found = FoundSettings(SettingsInput(yaml: lines.joined(separator: "\n")))
        #expect(
            found.found.contains { $0.path == path && $0.origin == .file("c.yaml", line: line + 1) }
        )
        let problems = Settings.read(SettingsInput(yaml: lines.joined(separator: "\n"))).problems
        let isSecret = try #require(Setting.find(path)).setting.isSecret
        #expect(problems.map(\.origin) == (isSecret ? [.file("c.yaml", line: line + 1)] : []))
    }

    @Test func whatIsRefusedInPlaceOfASecretIsToldHowToMakeOne() {
        let yaml = """
            genesys: {clientSecret: the one that Genesys shows beside its id}
            shop:
              secrets: [what echo whsec_$(openssl rand -base64 32) prints]
              tokens: {website: {secret: what openssl rand -hex 24 prints}}
            widget: {sessionKeys: [what openssl rand -base64 32 prints]}
            """
        #expect(
            Settings.read(SettingsInput(yaml: yaml)).problems.map(\.message) == [
                "genesys.clientSecret is something else, not the secret as Genesys shows it, without "
                    + "blanks.",
                "shop.secrets: item 1 is something else, not whsec_ and the base64 of at least 24 "
                    + "bytes, or another text of as many (echo whsec_$(openssl rand -base64 32)).",
                "shop.tokens.website.secret is something else, not a secret of at least 16 bytes "
                    + "without blanks (openssl rand -hex 24).",
                "widget.sessionKeys: item 1 is something else, not the base64 of 32 bytes "
                    + "(openssl rand -base64 32).",
            ])
    }

    @Test(arguments: [
        ("genesys.clientid", "genesys.clientID", 0), ("ab", "ba", 1), ("", "abc", 3),
        ("kitten", "sitting", 3),
    ])
    func countsTheEdits(from left: String, to right: String, edits: Int) {
        #expect(editDistance(left, right) == edits)
    }
}
