import Foundation
import NIOCore
import NIOPosix

/// Posts over a fixed number of connections, each of which waits for its answer before it posts again.
///
/// Without a rate each posts at once. With one, posts are due at even distances whatever becomes of the
/// earlier ones, and a latency counts from when its post was due: what has to wait for a connection is
/// not hidden.
///
/// Everything happens on one event loop.
final class Load: @unchecked Sendable {
    private let posts: SignedPosts
    private let loop: any EventLoop
    private let interval: Duration?
    private let clock = ContinuousClock()
    private let finished: EventLoopPromise<Void>
    private var start: ContinuousClock.Instant
    private var idle: [LoadHandler] = []
    private var next = 0
    private var isWaiting = false
    private(set) var figures = Figures()
    /// When each post went out, in microseconds since 1970.
    private(set) var sent: [Int] = []

    init(_ posts: SignedPosts, perSecond rate: Double?, on loop: any EventLoop) {
        self.posts = posts
        self.loop = loop
        interval = rate.map { .seconds(1 / $0) }
        finished = loop.makePromise()
        start = clock.now
    }

    /// - Returns: how long it took from the first post to the last answer.
    func run(to host: String, port: Int, connections: Int) async throws -> Duration {
        let bootstrap = ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(LoadHandler(self))
                }
            }
        var channels: [any Channel] = []
        for _ in 0..<connections {
            channels.append(try await bootstrap.connect(host: host, port: port).get())
        }
        try await loop.submit {
            self.start = self.clock.now
            self.sendWhatIsDue()
        }.get()
        try await finished.futureResult.get()
        let time = clock.now - start
        for channel in channels { try? await channel.close() }
        return time
    }

    fileprivate func isOpen(_ connection: LoadHandler) { idle.append(connection) }

    fileprivate func answered(_ connection: LoadHandler, _ status: Int, after latency: Duration) {
        figures.record(latency, status: status)
        idle.append(connection)
        guard figures.count < posts.count else { return finished.succeed() }
        sendWhatIsDue()
    }

    fileprivate func failed(_ error: any Error) { finished.fail(error) }

    fileprivate func now() -> ContinuousClock.Instant { clock.now }

    private func sendWhatIsDue() {
        while next < posts.count, let connection = idle.last {
            var due = clock.now
            if let interval {
                due = start + interval * next
                let wait = due - clock.now
                guard wait <= .zero else { return send(after: wait) }
            }
            idle.removeLast()
            sent.append(Int(Date().timeIntervalSince1970 * 1e6))
            connection.send(posts[next], due: due)
            next += 1
        }
    }

    private func send(after wait: Duration) {
        guard !isWaiting else { return }
        isWaiting = true
        loop.scheduleTask(in: TimeAmount(wait)) {
            self.isWaiting = false
            self.sendWhatIsDue()
        }
    }
}

/// One connection of a load.
private final class LoadHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let load: Load
    private var context: ChannelHandlerContext?
    private var due: ContinuousClock.Instant?
    private var answers = Answers()

    init(_ load: Load) { self.load = load }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        load.isOpen(self)
    }

    func send(_ post: ByteBuffer, due: ContinuousClock.Instant) {
        self.due = due
        context?.writeAndFlush(wrapOutboundOut(post), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        do {
            for status in try answers.take(&bytes) {
                guard let due else { return }
                self.due = nil
                load.answered(self, status, after: load.now() - due)
            }
        } catch {
            load.failed(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        if due != nil { load.failed(ChannelError.eof) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { load.failed(error) }
}
