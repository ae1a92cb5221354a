import ArgumentParser
import Outbox
import Testing

@testable import Bridge

@Suite struct CommandTests {
    @Test(arguments: [
        ("serve --config c.yaml", ServeCommand.self as any ParsableCommand.Type),
        ("check -c c.yaml --live", CheckCommand.self),
        ("settings", SettingsCommand.self),
        ("callback test --shop de --id evt_1 -c c.yaml", CallbackTest.self),
        ("outbox status --json", OutboxStatus.self),
        (
            "outbox list --state in_doubt --thread order:1 --find x --after y --limit 500",
            OutboxList.self
        ),
        ("outbox show 1", OutboxShow.self),
        ("outbox tail --after 12", OutboxTail.self),
        ("outbox retry 1 --may-double", OutboxRetry.self),
        ("outbox retry --all-dead --url http://127.0.0.1:1", OutboxRetry.self),
        ("outbox discard 1", OutboxDiscard.self),
        ("outbox delivered 1 --reference c", OutboxDelivered.self),
        ("outbox hold 1", LaneHold.self), ("outbox release 1", LaneRelease.self),
    ])
    func understands(line: String, as command: any ParsableCommand.Type) throws {
        let parsed = try BridgeCommand.parseAsRoot(line.split(separator: " ").map(String.init))
        #expect(type(of: parsed) == command)
    }

    @Test(arguments: [
        ("outbox retry", "Name one entry, or say --all-dead."),
        ("outbox retry 1 --all-dead", "Name one entry, or say --all-dead."),
        ("outbox retry --all-dead --may-double", "--may-double is for one entry"),
        ("outbox list --limit 0", "--limit is 0, not a number from 1 to 500."),
        ("outbox list --state open", "it is “open”, not one of pending, sending, in_doubt,"),
        ("outbox delivered 1", "Missing expected argument '--reference"),
        ("outbox status --url 8081", "--url is “8081”, not an address such as"),
        ("callback test --id a.b", "--id is “a.b”, not 1 to 64 letters, digits, - and _."),
        ("serve --token x", "Unknown option '--token'"),
    ])
    func refuses(line: String, because message: String) {
        let error = #expect(throws: (any Error).self) {
            try BridgeCommand.parseAsRoot(line.split(separator: " ").map(String.init))
        }
        guard let error else { return }
        #expect(BridgeCommand.fullMessage(for: error).contains(message))
        #expect(BridgeCommand.exitCode(for: error).rawValue == 64)
    }

    @Test(arguments: [
        ("", BridgeCommand.self as any ParsableCommand.Type), ("serve", ServeCommand.self),
        ("check", CheckCommand.self), ("settings", SettingsCommand.self),
        ("outbox", OutboxCommand.self), ("outbox list", OutboxList.self),
        ("outbox retry", OutboxRetry.self), ("outbox delivered", OutboxDelivered.self),
        ("outbox tail", OutboxTail.self),
    ])
    func helpTeachesByExamples(line: String, of command: any ParsableCommand.Type) {
        let help = BridgeCommand.helpMessage(for: command, columns: 100)
        let lines = help.split(separator: "\n").filter { !$0.contains("USAGE") }
        #expect(
            lines.contains {
                $0.hasPrefix("    genesys-bridge \(line)")
                    || $0.hasPrefix("  genesys-bridge \(line)")
            }, "\(help)")
    }

    @Test func theSummaryNamesWhatIsSetWithoutSecrets() throws {
        var input = SettingsInput(yaml: Settings.example)
        input.environment = [
            "BRIDGE_STORE_PATH": "/x.sqlite", "BRIDGE_SHOP_SECRETS": whsec,
            "BRIDGE_GENESYS_CLIENT_SECRET": "demo-secret",
        ]
        let summary = try Settings.load(input).summary
        #expect(summary.contains("shop default   signing secrets: 1, tokens: 0, routes: default"))
        #expect(summary.contains("route default  queue \(queue)"))
        #expect(!summary.contains("demo-secret") && !summary.contains(whsec))
    }

    @Test func aTableIsAsWideAsItsCellsAndPaintsOnlyTheirText() {
        let table = Table(rows: [
            [.init("a", .bad), .init("b")], [.init("long"), .init("c\nd"), .init("e")],
        ])
        #expect(table.lines(colored: false) == ["a     b", "long  c\\nd  e"])
        #expect(table.lines(colored: true)[0] == "\u{1B}[31;1ma\u{1B}[0m     b")
    }
}
