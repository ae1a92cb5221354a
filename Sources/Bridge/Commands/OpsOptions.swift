import ArgumentParser
import CurlTransport
import FoundationEssentials
import Listener

/// Which daemon a command asks, and by what right.
struct OpsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The daemon's ops face; without it $GENESYS_BRIDGE_URL, else listen.ops of the settings.",
            valueName: "address"))
    var url: String?

    @OptionGroup var source: SettingsOptions

    @Flag(help: "Print the daemon's own answer, as JSON.")
    var json = false

    func validate() throws {
        if let url, Origin(url) == nil {
            throw ValidationError(
                "--url is “\(url)”, not an address such as http://127.0.0.1:8081.")
        }
    }

    /// Runs the body with a client, whose connections end with it.
    func withClient(_ body: (OpsClient) async throws -> Void) async throws {
        let environment = ProcessInfo.processInfo.environment
        let access = try OpsAccess(
            url: url, environment: environment,
            settings: { () throws(SettingsError) in Settings.read(try source.input()).settings })
        let transport = CurlTransport(userAgent: "genesys-bridge", concurrency: 1)
        let client = OpsClient(
            access: access,
            send: { request throws(TransportError) in try await transport.send(request) })
        let result: Result<Void, any Error>
        do { result = .success(try await body(client)) } catch { result = .failure(error) }
        await transport.shutdown()
        try result.get()
    }
}

/// Where the ops face is, and the token it may ask for.
struct OpsAccess: Sendable, Equatable {
    var origin: Origin
    var token: Secret?

    /// The option wins over the environment, the environment over the settings, whose token goes to no
    /// other address than their own.
    ///
    /// - Parameter settings: asked only where they are needed; may be incomplete.
    init(
        url: String?, environment: [String: String],
        settings: () throws(SettingsError) -> Settings
    ) throws {
        let named = url ?? environment["GENESYS_BRIDGE_URL"]
        token = environment["GENESYS_BRIDGE_TOKEN"].map { Secret($0.trimmed) }
        if let named {
            guard let origin = Origin(named) else {
                throw CommandFailure(
                    .settings, "$GENESYS_BRIDGE_URL is “\(named)”, which is not an address.",
                    next: "Set it to one such as http://127.0.0.1:8081.")
            }
            self.origin = origin
            return
        }
        let settings = try settings()
        let address = settings.listen.ops
        let host = ["0.0.0.0", "::"].contains(address.host) ? "127.0.0.1" : address.host
        guard let origin = Origin("http://\(ListenAddress(host: host, port: address.port))") else {
            throw CommandFailure(
                .settings, "listen.ops is \(address), where the system chooses the port.",
                next: "Name the address with --url.")
        }
        self.origin = origin
        let tokens = settings.ops.tokens.filter { !$0.value.secret.text.isEmpty }
        let best = tokens.min { left, right in
            (left.value.scope == .write ? 0 : 1, left.key)
                < (right.value.scope == .write ? 0 : 1, right.key)
        }
        token = token ?? best?.value.secret
    }
}
