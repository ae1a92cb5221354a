import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// `genesys-sandbox serve`: runs until SIGTERM or SIGINT.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the login, the API and the sandbox's own pages under one address.")

    @Option(help: "The address and port to listen on; port 0 takes a free one.")
    var listen = ListenAddress(host: "127.0.0.1", port: 8090)

    @Option(help: "The address and port that notification channels are connected to.")
    var notifications = ListenAddress(host: "127.0.0.1", port: 0)

    @Option(help: "The bridge that the demo shop at /shop posts to, as in http://127.0.0.1:8080.")
    var shopBridge: String?

    @Option(help: "The secret, whsec_…, that the demo shop's messages are signed with.")
    var shopSecret: String?

    @Option(help: "The secret of the bridge's callbacks to it, if it is another.")
    var shopCallbackSecret: String?

    @Option(help: "The widget that the desk at /desk opens; Genesys' tokens in it are filled in.")
    var widgetURL = Sandbox.Options.demoWidgetURL

    @Flag(help: "Listen beyond loopback, where anyone on the network can change the sandbox.")
    var exposed = false

    @Flag(name: .shortAndLong, help: "Print nothing but errors.")
    var quiet = false

    func validate() throws {
        for address in [listen, notifications] where !exposed && !address.isLoopback {
            throw ValidationError(
                "\(address.host) is not a loopback address; add --exposed to listen there.")
        }
        guard WidgetURL(template: widgetURL).origin != nil else {
            throw ValidationError("--widget-url: \(widgetURL) is no http or https address.")
        }
        _ = try bridge()
    }

    /// What the options say of the bridge; none of them, no bridge.
    private func bridge() throws -> Sandbox.BridgeLink? {
        guard let shopBridge, let shopSecret else {
            guard shopBridge == nil, shopSecret == nil, shopCallbackSecret == nil else {
                throw ValidationError("--shop-bridge and --shop-secret go together.")
            }
            return nil
        }
        do throws(Sandbox.BridgeLink.Mistake) {
            return try Sandbox.BridgeLink(
                bridge: shopBridge, secret: shopSecret, callbackSecret: shopCallbackSecret)
        } catch .address(let text) {
            throw ValidationError("--shop-bridge: \(text) is no http://host:port.")
        } catch .secret {
            throw ValidationError(
                "--shop-secret: expected whsec_ and the Base64 of 24 to 64 bytes.")
        }
    }

    func run() async throws {
        var options = Sandbox.Options()
        options.host = listen.host
        options.port = listen.port
        options.bridge = try bridge()
        options.widgetURL = widgetURL
        options.notificationsHost = notifications.host
        options.notificationsPort = notifications.port
        let sandbox: Sandbox
        do {
            sandbox = try await Sandbox.start(options)
        } catch {
            let reason = """
                cannot listen on \(listen) or \(notifications), choose another --listen or \
                --notifications: \(error)

                """
            FileHandle.standardError.write(Data(reason.utf8))
            throw ExitCode(EX_UNAVAILABLE)
        }
        if !quiet {
            print(greeting(sandbox, options.settings))
            // Whoever reads this through a pipe waits for it.
            fflush(nil)
        }
        let group = ServiceGroup(
            services: [sandbox], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: options.logger)
        try await group.run()
    }

    private func greeting(_ sandbox: Sandbox, _ settings: Sandbox.Settings) -> String {
        let origin = sandbox.origin
        let feed = ListenAddress(host: notifications.host, port: sandbox.notificationsPort)
        let client = settings.clients.map { "\($0.id) / \($0.secret)" }.joined(separator: ", ")
        let widgets = settings.codeClients.map { "\($0.id) / \($0.secret)" }.joined(separator: ", ")
        let queues = settings.queues.map(\.id).joined(separator: ", ")
        let agents = settings.agents.map(\.id).joined(separator: ", ")
        let flows = settings.flows.map(\.id).joined(separator: ", ")
        return """
            genesys-sandbox listens on \(origin)
              login          \(origin)/oauth/token, for agents /oauth/authorize
              API            \(origin)/api/v2
              notifications  ws://\(feed)
              conversations  \(origin)/sandbox/conversations
              journal        \(origin)/sandbox/journal
              demo shop      \(origin)/shop
              agents' desk   http://localhost:\(sandbox.port)/desk
              client         \(client)
              agents' client \(widgets)
              queue          \(queues)
              flow           \(flows)
              agents         \(agents)
            """
    }
}
