import ArgumentParser
import GenesysCloud
import Listener
import Outbox

/// `genesys-bridge check`: finds what is wrong before anything is sent.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says whether the settings are right, and with --live whether Genesys agrees.",
        discussion: """
            Reads exactly what serve would read, the environment and credentials included, and says
            everything that is wrong at once. Nothing is changed anywhere, except by --probe.

            --probe creates one conversation on the queue or flow of a route, measures how Genesys'
            searches show it, and ends it after at most a few minutes; an agent may see it meanwhile.
            What it finds is kept beside the store. Only then may the bridge take a search that
            shows nothing for a proof that a message did not arrive.

            Examples:
              genesys-bridge check --config config.yaml
              genesys-bridge check --live        also asks Genesys: the clients, the queues
              genesys-bridge check --live --probe default
            """)

    @OptionGroup var source: SettingsOptions

    @Flag(help: "Get a token from Genesys, look up every queue and try the agents' client.")
    var live = false

    @Option(help: "With --live: measure with one conversation on that route.")
    var probe: String?

    func validate() throws {
        guard probe == nil || live else { throw ValidationError("--probe needs --live.") }
    }

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
            if let probe { try await measure(RouteName(probe), settings, output) }
        }
    }

    private func measure(
        _ route: RouteName, _ settings: Settings, _ output: Terminal
    ) async throws {
        let findings: Findings
        do {
            findings = try await LiveCheck.probe(route, settings) { step in
                output.write("      \(step)\n")
            }
        } catch let error as CheckError {
            throw CommandFailure(
                .unavailable, "The probe failed: \(error)", next: "Correct that, and probe again.")
        }
        do {
            try findings.write(to: settings.findingsPath)
        } catch {
            throw CommandFailure(
                .ioError, "The findings cannot be kept in \(settings.findingsPath): \(error)",
                next: "Run it as a user who may write there, then probe again.")
        }
        for finding in findings.report(keptAt: settings.findingsPath) {
            output.write(finding.line(colored: output.isColored) + "\n")
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

extension Findings {
    /// What the bridge makes of them.
    fileprivate func report(keptAt path: String) -> [Finding] {
        let searches = LookUpSource.measurable.map { source in
            switch sources[source] {
            case .shown(let delay):
                Finding(
                    subject: "look-up by \(source)",
                    text: "proves what is there and what is not; shown after "
                        + "\(delay.milliseconds) ms")
            case .missed(let reason):
                Finding(subject: "look-up by \(source)", text: "proves nothing: \(reason)")
            case nil:
                Finding(subject: "look-up by \(source)", text: "proves nothing: not measured")
            }
        }
        let open = leftOpen.map {
            Finding(
                subject: "conversation \($0)", text: "is still open: end it in Genesys Cloud",
                failure: .unavailable)
        }
        return searches + [open].compactMap { $0 }
            + [Finding(subject: "findings", text: "kept in \(path)")]
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
        rows += shops.sorted { "\($0.key)" < "\($1.key)" }.compactMap { name, shop in
            shop.callbackURL.map { url in
                let events = shop.events.map(\.rawValue).joined(separator: ", ")
                return ["answers to \(name)", "\(url.shown), with \(events)"]
            }
        }
        rows.append(["agents' tab", tab])
        rows.append(["store", store.path])
        return "The settings are right.\n"
            + Table(rows: rows.map { $0.map { Table.Cell($0) } }).lines(colored: false).map {
                "  \($0)\n"
            }.joined()
    }

    /// Where agents have it, and how they are logged in.
    private var tab: String {
        guard let widgetSettings else { return "none: widget.clientID is not set" }
        let login =
            switch widget.login {
            case .auto: "in the tab, else in a window"
            case .frame: "in the tab"
            case .popup: "in a window"
            }
        let end =
            widget.sessionKeys.isEmpty
            ? ", again after each start of the bridge: there is no widget.sessionKeys" : ""
        return "\(widgetSettings.origin)/widget, login \(login)\(end)"
    }
}
