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

            With --live each answer is ok, WRONG, or UNTRIED where nobody could tell. It ends with 78 for
            wrong settings, and with 69 for what may be tried later.

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
            try tell(await LiveCheck.run(settings), output)
            if let probe { try await measure(RouteName(probe), settings, output) }
        }
    }

    private func tell(_ findings: [Finding], _ output: Terminal) throws {
        for finding in findings {
            output.write(finding.line(colored: output.isColored) + "\n")
        }
        if let first = findings.compactMap(\.failure).first { throw ExitCode(first.rawValue) }
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
        try tell(findings.report(keptAt: settings.findingsPath), output)
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
                Finding(
                    subject: "look-up by \(source)", text: "proves nothing: not measured",
                    outcome: .untried(nil))
            }
        }
        let open = leftOpen.map {
            Finding(
                subject: "conversation \($0)", text: "is still open: end it in Genesys Cloud",
                outcome: .wrong(.unavailable))
        }
        return searches + [open].compactMap { $0 }
            + [Finding(subject: "findings", text: "kept in \(path)")]
    }
}
