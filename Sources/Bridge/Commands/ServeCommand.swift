import ArgumentParser
import FoundationEssentials

/// `genesys-bridge serve`: the daemon itself.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Takes messages in and delivers them, until SIGTERM or SIGINT.",
        discussion: """
            Runs in the foreground and logs to standard error; config/genesys-bridge.service runs it
            under systemd. It refuses to start with any setting that it does not know.

            Example:
              genesys-bridge serve --config /etc/genesys-bridge/config.yaml
            """)

    @OptionGroup var source: SettingsOptions

    func run() async throws {
        try await CommandFailure.exiting {
            let settings = try Settings.load(try source.input())
            LineLogHandler.bootstrap(settings.log)
            let notifier = Notifier(environment: ProcessInfo.processInfo.environment)
            try await Daemon.run(settings, notifier: notifier)
        }
    }
}
