import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization

/// What a websocket is connected to in a test: a server that first says what it was asked for, or a proxy.
final class Peer: Sendable {
    enum Kind: Sendable, Equatable {
        case plain, tls
        /// Connects to that port of this machine, whatever it is asked for; or refuses.
        case proxy(to: Int?)
    }

    let port: Int
    private let kind: Kind
    private let listening: any Channel
    private let requests: Requests

    final class Requests: Sendable {
        let all = Mutex<[String]>([])
    }

    private init(_ kind: Kind, _ listening: any Channel, _ requests: Requests) {
        self.kind = kind
        self.listening = listening
        self.requests = requests
        port = listening.localAddress?.port ?? 0
    }

    static func with<Result>(
        _ kind: Kind = .plain, _ body: (Peer) async throws -> Result
    ) async throws -> Result {
        let requests = Requests()
        let listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try prepare(channel, kind, requests)
                }
            }.bind(host: "127.0.0.1", port: 0).get()
        let peer = Peer(kind, listening, requests)
        do {
            let result = try await body(peer)
            try await listening.close()
            return result
        } catch {
            try? await listening.close()
            throw error
        }
    }

    func uri(_ target: String, host: String = "127.0.0.1") -> String {
        "\(kind == .tls ? "wss" : "ws")://\(host):\(port)\(target)"
    }

    /// What a proxy was asked for, and with which authorization.
    func asked() -> [String] { requests.all.withLock { $0 } }

    static func certificates() throws -> [NIOSSLCertificate] {
        try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
    }

    private static func prepare(_ channel: any Channel, _ kind: Kind, _ requests: Requests) throws {
        let pipeline = channel.pipeline.syncOperations
        if case .proxy(let port) = kind {
            try pipeline.addHandler(Tunnel(to: port, requests))
            return
        }
        if kind == .tls {
            let configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try certificates().map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
            let context = try NIOSSLContext(configuration: configuration)
            try pipeline.addHandler(NIOSSLServerHandler(context: context))
        }
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Speaker(head.uri))
                }
            })
        try pipeline.configureHTTPServerPipeline(
            withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
    }
}

/// Says what it was asked for, answers pings, and does what its target names.
private final class Speaker: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let target: String

    init(_ target: String) { self.target = target }

    func handlerAdded(context: ChannelHandlerContext) {
        say(target, context)
        switch target {
        case "/fragments":
            say("one ", fin: false, context)
            write(.ping, "are you there?", context)
            say("message", opcode: .continuation, context)
        case "/oversized": say(String(repeating: "x", count: 2 << 20), context)
        case "/goodbye": write(.connectionClose, "", context)
        case "/reset": context.close(promise: nil)
        default: break
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        // A client has to mask what it sends.
        case .ping where frame.maskKey != nil: write(.pong, "", context)
        case .connectionClose: context.close(promise: nil)
        default: break
        }
    }

    private func say(
        _ text: String, opcode: WebSocketOpcode = .text, fin: Bool = true,
        _ context: ChannelHandlerContext
    ) {
        write(opcode, text, fin: fin, context)
    }

    private func write(
        _ opcode: WebSocketOpcode, _ text: String, fin: Bool = true,
        _ context: ChannelHandlerContext
    ) {
        let frame = WebSocketFrame(fin: fin, opcode: opcode, data: ByteBuffer(string: text))
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }
}

/// Reads the head of a `CONNECT`, and passes on everything after it.
private final class Tunnel: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let port: Int?
    private let requests: Peer.Requests
    private var head = ""
    private var other: (any Channel)?

    init(to port: Int?, _ requests: Peer.Requests) {
        self.port = port
        self.requests = requests
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        if let other { return other.writeAndFlush(buffer, promise: nil) }
        head += String(buffer: buffer)
        guard head.hasSuffix("\r\n\r\n") else { return }
        let lines = head.split(separator: "\r\n").map(String.init)
        let place = lines[0].split(separator: " ").dropFirst().first ?? ""
        let login = lines.first { $0.lowercased().hasPrefix("proxy-authorization: ") }?
            .dropFirst("proxy-authorization: ".count)
        requests.all.withLock { $0.append("\(place) \(login ?? "")") }
        guard let port else { return answer("403 Forbidden", context) }
        let channel = context.channel
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        ClientBootstrap(group: context.eventLoop)
            .channelInitializer { other in
                other.eventLoop.makeCompletedFuture {
                    try other.pipeline.syncOperations.addHandler(Back(to: channel))
                }
            }
            .connect(host: "127.0.0.1", port: port).whenSuccess { other in
                let (tunnel, context) = loopBound.value
                tunnel.other = other
                tunnel.answer("200 Connection established", context)
            }
    }

    func channelInactive(context: ChannelHandlerContext) { other?.close(promise: nil) }

    private func answer(_ status: String, _ context: ChannelHandlerContext) {
        let length = status.hasPrefix("200") ? "" : "Content-Length: 0\r\n"
        let text = ByteBuffer(string: "HTTP/1.1 \(status)\r\n\(length)\r\n")
        context.writeAndFlush(wrapOutboundOut(text), promise: nil)
    }
}

private final class Back: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let channel: any Channel

    init(to channel: any Channel) { self.channel = channel }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        channel.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { channel.close(promise: nil) }
}
