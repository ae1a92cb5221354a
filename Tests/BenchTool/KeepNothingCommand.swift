import ArgumentParser
import Listener
import Logging
import Outbox
import ServiceLifecycle
import UnixSignals

struct KeepNothingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keep-nothing",
        abstract: "Serves the bridge's own intake with a store that forgets what it accepts.")

    @Option(help: "Where on 127.0.0.1.")
    var port: Int

    @Option(help: "The shop's signing secret.")
    var secret: String

    func run() async throws {
        let face = PublicFace(
            at: ListenAddress(host: "127.0.0.1", port: port),
            shops: [ShopAccess(name: ShopName("default"), secrets: [try WebhookSecret(secret)])],
            settings: IntakeSettings(), store: ForgetfulOutbox(),
            relay: {
                RelayStatus(destinations: [], routes: [], inFlight: 0, deliveredLastMinute: 0)
            },
            environment: .live, logger: Logger(label: "bench"))
        let group = ServiceGroup(
            services: [face], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "bench"))
        try await group.run()
    }
}
