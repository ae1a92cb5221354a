import ArgumentParser
import Outbox

/// `genesys-bridge check`: finds what is wrong before anything is sent.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says whether the settings are right, and with --live whether Genesys agrees.",
        discussion: """
            Reads exactly what serve would read, the environment and credentials included, and says
            everything that is wrong at once. Nothing is changed anywhere.

            Examples:
              genesys-bridge check --config config.yaml
              genesys-bridge check --live        also asks Genesys: the client, its queues
            """)

    @OptionGroup var source: SettingsOptions

    @Flag(help: "Get a token from Genesys and look up every queue.")
    var live = false

    func run() async throws {
        try await CommandFailure.exiting {
            let settings = try Settings.load(try source.input())
            let output = Terminal.standardOutput
            output.write(settings.summary)
            guard live else { return }
            let findings = await LiveCheck.run(settings)
            for finding in findings {
                output.write(finding.line(colored: output.isColored) + "\n")
            }
            if let worst = findings.compactMap(\.failure).first { throw ExitCode(worst.rawValue) }
        }
    }
}

/// One thing that `check --live` asked, and what came of it.
struct Finding: Sendable, Equatable {
    /// What was looked at: `token`, `queue of route default`.
    var subject: String
    /// What was found, and if it is wrong, what to do.
    var text: String
    /// `nil` if all is well.
    var failure: CommandFailure.Code?

    func line(colored: Bool) -> String {
        let mark = failure == nil ? ("ok   ", Style.good) : ("WRONG", .bad)
        return "\(mark.0.styled(mark.1, if: colored))  \(subject): \(text)"
    }
}

extension Settings {
    /// What is set, for a person to compare with what was meant; shows no secret.
    var summary: String {
        var rows = [
            ["public face", "http://\(listen.public)"],
            ["ops face", "http://\(listen.ops)" + (ops.tokens.isEmpty ? "" : ", by token")],
            [
                "Genesys",
                "\(genesys.apiURL.map(\.description) ?? ""), at most \(genesys.requestsPerMinute) "
                    + "calls a minute",
            ],
        ]
        rows += routes.sorted { "\($0.key)" < "\($1.key)" }.map { name, route in
            ["route \(name)", route.queueID.map { "queue \($0)" } ?? "flow \(route.flowID ?? "")"]
        }
        rows += shops.sorted { "\($0.key)" < "\($1.key)" }.map { name, shop in
            let routes = shop.routes.map(\.description).joined(separator: ", ")
            let access =
                shop.secrets.isEmpty && shop.tokens.isEmpty
                ? "anybody on this machine may post"
                : "signing secrets: \(shop.secrets.count), tokens: \(shop.tokens.count)"
            return ["shop \(name)", "\(access), routes: \(routes)"]
        }
        rows.append(["store", store.path])
        return "The settings are right.\n"
            + Table(rows: rows.map { $0.map { Table.Cell($0) } }).lines(colored: false).map {
                "  \($0)\n"
            }.joined()
    }
}
