import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// Where a face listens.
public struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    public var host: String
    /// `0` lets the system choose.
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A set of routes, served at an address until the service is told to stop.
struct Face: Service {
    let address: ListenAddress
    let routes: Routes
    let limits: ConnectionLimits
    let logger: Logger
    let listening: @Sendable (ListenAddress) async -> Void

    func run() async throws {
        let application = Application(
            responder: routes,
            server: HTTPServerBuilder { FaceChannel(responder: $0, limits: limits) },
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: nil,
                backlog: 1024),
            onServerRunning: { channel in
                await listening(
                    ListenAddress(
                        host: address.host, port: channel.localAddress?.port ?? address.port))
            },
            logger: logger)
        try await application.run()
    }
}
