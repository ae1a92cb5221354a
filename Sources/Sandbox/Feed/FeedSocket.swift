import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// The port on which the channels of the notification service are connected to.
final class FeedSocket: Sendable {
    private static let path = "/channels/"

    let port: Int
    private let listening: any Channel
    private let connections: Connections

    private init(listening: any Channel, connections: Connections) {
        port = listening.localAddress?.port ?? 0
        self.listening = listening
        self.connections = connections
    }

    /// - Throws: NIO's `IOError` if the address cannot be listened on.
    static func open(
        host: String, port: Int, organization: Organization
    ) async throws -> FeedSocket {
        let connections = Connections()
        let listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                guard connections.add(channel) != nil else {
                    return channel.eventLoop.makeFailedFuture(CancellationError())
                }
                return channel.eventLoop.makeCompletedFuture {
                    try prepare(channel, organization)
                }
            }
            .bind(host: host, port: port).get()
        return FeedSocket(listening: listening, connections: connections)
    }

    /// Closes the port and every connection, and returns when they are closed.
    func end() async {
        try? await listening.close()
        for channel in connections.end() {
            try? await channel.closeFuture.get()
        }
    }

    private static func prepare(
        _ channel: any Channel, _ organization: Organization
    ) throws {
        let connection = FeedConnection(channel)
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, head in
                let promise = channel.eventLoop.makePromise(of: HTTPHeaders?.self)
                promise.completeWithTask {
                    guard head.uri.hasPrefix(path) else { return nil }
                    let id = String(head.uri.dropFirst(path.count))
                    guard await organization.attach(connection, to: id) else { return nil }
                    if !channel.isActive {
                        // It closed before it was attached, too early to be taken off again.
                        await organization.detach(connection)
                    }
                    return HTTPHeaders()
                }
                return promise.futureResult
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    pipeline.removeHandler(
                        context: try pipeline.context(handlerType: NoChannelHandler.self),
                        promise: nil)
                    try pipeline.addHandler(FeedHandler(connection))
                }
            })
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(
            withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
        try pipeline.addHandler(NoChannelHandler())
        channel.closeFuture.whenComplete { _ in
            Task { await organization.detach(connection) }
        }
    }
}
