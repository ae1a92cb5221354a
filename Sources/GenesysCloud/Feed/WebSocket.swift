import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// Connects websockets, through a proxy where the rules say so.
struct WebSocket: Sendable {
    private let proxies: ProxyRules
    private let roots: NIOSSLTrustRoots
    private let group: any EventLoopGroup

    /// Upper bounds of connecting, and of all that comes before the first frame together.
    private static let connectTimeout = TimeAmount.seconds(5)
    private static let openTimeout = TimeAmount.seconds(15)
    /// The largest message; one of a conversation has a few kilobytes.
    private static let maxMessage = 1 << 20

    init(
        proxies: ProxyRules, roots: NIOSSLTrustRoots = .default,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.proxies = proxies
        self.roots = roots
        self.group = group
    }

    func connect(to uri: String) async throws(FeedError) -> FeedConnection {
        guard let address = WebSocketAddress(uri) else {
            throw FeedError("the channel's address is no websocket URI")
        }
        let proxy = try proxies.proxy(for: address)
        do {
            return try await open(address, through: proxy)
        } catch let error as FeedError {
            throw error
        } catch {
            let way = proxy.map { " through \($0.host):\($0.port)" } ?? ""
            throw FeedError("connecting to \(address.authority)\(way): \(error)")
        }
    }

    private func open(
        _ address: WebSocketAddress, through proxy: ProxyRules.Proxy?
    ) async throws -> FeedConnection {
        let tls = address.isSecure ? try NIOSSLContext(configuration: configuration) : nil
        let channel = try await ClientBootstrap(group: group)
            .connectTimeout(Self.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: proxy?.host ?? address.host, port: proxy?.port ?? address.port).get()
        let deadline = channel.eventLoop.scheduleTask(in: Self.openTimeout) {
            channel.close(promise: nil)
        }
        defer { deadline.cancel() }
        return try await withTaskCancellationHandler {
            do {
                return try await channel.eventLoop.flatSubmit {
                    Self.tunnel(channel, to: address, through: proxy).flatMap {
                        Self.upgrade(channel, to: address, tls)
                    }
                }.get()
            } catch {
                channel.close(promise: nil)
                throw error
            }
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private var configuration: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = roots
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }

    // MARK: - On the event loop

    private static func tunnel(
        _ channel: any Channel, to address: WebSocketAddress, through proxy: ProxyRules.Proxy?
    ) -> EventLoopFuture<Void> {
        guard let proxy else { return channel.eventLoop.makeSucceededVoidFuture() }
        var headers = HTTPHeaders([("Host", address.authority)])
        if let authorization = proxy.authorization {
            headers.add(name: "Proxy-Authorization", value: authorization)
        }
        let established = channel.eventLoop.makePromise(of: Void.self)
        let encoder = HTTPRequestEncoder()
        let decoder = ByteToMessageHandler(
            HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
        let connect = NIOHTTP1ProxyConnectHandler(
            targetHost: address.host.contains(":") ? "[\(address.host)]" : address.host,
            targetPort: address.port, headers: headers, deadline: .now() + openTimeout,
            promise: established)
        let pipeline = channel.pipeline.syncOperations
        do {
            try pipeline.addHandlers([encoder, decoder, connect] as [any ChannelHandler])
        } catch {
            established.fail(error)
        }
        let handlers = NIOLoopBound(
            [decoder, encoder] as [any RemovableChannelHandler],
            eventLoop: channel.eventLoop)
        return established.futureResult.flatMap {
            let pipeline = channel.pipeline.syncOperations
            return EventLoopFuture.andAllSucceed(
                handlers.value.map { pipeline.removeHandler($0) }, on: channel.eventLoop)
        }
    }

    private static func upgrade(
        _ channel: any Channel, to address: WebSocketAddress, _ tls: NIOSSLContext?
    ) -> EventLoopFuture<FeedConnection> {
        do {
            let pipeline = channel.pipeline.syncOperations
            if let tls {
                try pipeline.addHandler(handler(of: tls, for: address.host))
            }
            let head = HTTPRequestHead(
                version: .http1_1, method: .GET, uri: address.target,
                headers: ["Host": address.authority])
            let upgrader = NIOTypedWebSocketClientUpgrader(maxFrameSize: maxMessage) { channel, _ in
                channel.eventLoop.makeCompletedFuture { try connection(on: channel) }
            }
            var configuration = NIOUpgradableHTTPClientPipelineConfiguration(
                upgradeConfiguration: .init(
                    upgradeRequestHead: head, upgraders: [upgrader],
                    notUpgradingCompletionHandler: { channel in
                        channel.eventLoop.makeFailedFuture(
                            FeedError("the channel's address takes no websocket"))
                    }))
            // The first frames may come with the answer.
            configuration.leftOverBytesStrategy = .forwardBytes
            return try pipeline.configureUpgradableHTTPClientPipeline(configuration: configuration)
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    /// An address of numbers is no name that a server could be asked for.
    private static func handler(
        of tls: NIOSSLContext, for host: String
    ) throws -> NIOSSLClientHandler {
        let isNumeric = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: tls, serverHostname: isNumeric ? nil : host)
    }

    private static func connection(on channel: any Channel) throws -> FeedConnection {
        // Whoever reads that slowly has lost the thread anyway, and reconciles.
        let (frames, continuation) = AsyncStream.makeStream(
            of: FeedConnection.Frame.self, bufferingPolicy: .bufferingOldest(4096))
        let aggregator = NIOWebSocketFrameAggregator(
            minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024,
            maxAccumulatedFrameSize: maxMessage)
        try channel.pipeline.syncOperations.addHandlers(
            [aggregator, WebSocketHandler(continuation)] as [any ChannelHandler])
        return FeedConnection(
            frames: frames,
            ping: { channel.writeAndFlush(WebSocketFrame.client(.ping), promise: nil) },
            close: {
                var code = ByteBuffer()
                code.write(webSocketErrorCode: .normalClosure)
                channel.writeAndFlush(WebSocketFrame.client(.connectionClose, code), promise: nil)
                channel.close(promise: nil)
            })
    }
}

extension WebSocketFrame {
    /// A frame as a client has to send it: masked.
    static func client(_ opcode: WebSocketOpcode, _ data: ByteBuffer = ByteBuffer()) -> Self {
        WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
    }
}
