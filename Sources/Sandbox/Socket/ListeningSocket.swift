import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

/// The socket that is connected to, which can be closed and opened again on the same port.
///
/// Hummingbird's own server binds once and for all; for a connection to be refused, the socket has
/// to be gone. The connections themselves are Hummingbird's.
actor ListeningSocket {
    typealias Respond =
        @Sendable (Request, consuming ResponseWriter, Connection) async throws -> Void

    /// A connection with Hummingbird's channel for it.
    private struct Accepted: Sendable {
        let http: HTTP1Channel
        let value: HTTP1Channel.Value
    }

    private typealias Listening = NIOAsyncChannel<Accepted, Never>

    nonisolated let connections = Connections()
    private let options: Sandbox.Options
    private let respond: Respond
    private let openings = AsyncStream<Listening>.makeStream()
    private var port: Int
    private var opening: Task<any Channel, any Error>?
    private var reopening: Task<Void, Never>?
    private var hasEnded = false

    init(_ options: Sandbox.Options, respond: @escaping Respond) {
        self.options = options
        self.respond = respond
        port = options.port
    }

    /// Binds and listens, unless it does already; returns the port.
    @discardableResult
    func open() async throws -> Int {
        reopening?.cancel()
        // A reopening that was already awake may only come to its turn behind the end.
        guard !hasEnded else { throw CancellationError() }
        let opening = opening ?? Task { try await bind() }
        self.opening = opening
        do {
            port = try await opening.value.localAddress?.port ?? port
            return port
        } catch {
            self.opening = nil
            throw error
        }
    }

    /// Refuses new connections from now on, for so long or until ``open()``.
    func refuse(for time: Duration?) async {
        await close()
        guard let time else { return }
        reopening = Task {
            do {
                try await Task.sleep(for: time)
                try await open()
            } catch is CancellationError {
            } catch {
                options.logger.error("cannot listen again", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Closes the socket for good, and all connections with it.
    func end() async {
        hasEnded = true
        openings.continuation.finish()
        await close()
        connections.end()
    }

    /// Serves connections until ``end()``.
    nonisolated func serve() async {
        await withDiscardingTaskGroup { group in
            for await listening in openings.stream {
                try? await listening.executeThenClose { accepted in
                    for try await connection in accepted {
                        group.addTask {
                            await connection.http.handle(
                                value: connection.value, logger: self.options.logger)
                        }
                    }
                }
            }
            group.cancelAll()
        }
    }

    private func close() async {
        reopening?.cancel()
        let closing = opening
        opening = nil
        try? await closing?.value.close()
    }

    private func bind() async throws -> any Channel {
        let listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: options.host, port: port) { channel in self.accept(channel) }
        if case .terminated = openings.continuation.yield(listening) {
            try await listening.executeThenClose { _ in }
            throw CancellationError()
        }
        return listening.channel
    }

    private nonisolated func accept(_ channel: any Channel) -> EventLoopFuture<Accepted> {
        guard let number = connections.add(channel) else {
            return channel.eventLoop.makeFailedFuture(CancellationError())
        }
        let connection = Connection(number: number, channel: channel, socket: self)
        let http = HTTP1Channel { [respond] request, writer, _ in
            try await respond(request, writer, connection)
        }
        do {
            try channel.pipeline.syncOperations.addHandler(SocketHandler())
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        return http.setup(channel: channel, logger: options.logger).map { value in
            // A connection accepted while the socket closes is handed to nobody, and NIO traps if its
            // writer goes before the channel does.
            channel.closeFuture.whenComplete { _ in withExtendedLifetime(value) {} }
            return Accepted(http: http, value: value)
        }
    }
}
