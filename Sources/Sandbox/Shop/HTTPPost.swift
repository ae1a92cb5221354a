import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// One `POST` on a connection of its own.
struct HTTPPost: Sendable {
    /// What came back.
    struct Response: Sendable {
        var status = 0
        var body = ByteBuffer()
    }

    /// There was no whole answer.
    enum Failure: Error {
        case closed, timedOut, tooLong
    }

    static let patience = TimeAmount.seconds(15)
    /// Bytes of an answer that are read.
    static let maximumBody = 64 * 1024

    let host: String
    let port: Int
    let path: String
    let headers: [(String, String)]
    let body: Data

    /// - Throws: ``Failure``, or NIO's error if there is no connection.
    func send() async throws -> Response {
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.next().makePromise(of: Response.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: group)
                .connectTimeout(Self.patience)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(Collector(promise))
                    }
                }
                .connect(host: host, port: port).get()
        } catch {
            promise.fail(error)
            throw error
        }
        let timeout = channel.eventLoop.scheduleTask(in: Self.patience) {
            promise.fail(Failure.timedOut)
        }
        defer {
            timeout.cancel()
            channel.close(promise: nil)
        }
        let authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        var fields = HTTPHeaders(headers)
        fields.add(name: "Host", value: authority)
        fields.add(name: "Content-Length", value: String(body.count))
        fields.add(name: "Connection", value: "close")
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: path, headers: fields)
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.write(
            HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        return try await promise.futureResult.get()
    }

    /// Reads an answer to its end.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = HTTPClientResponsePart

        private let promise: EventLoopPromise<Response>
        private var response = Response()

        init(_ promise: EventLoopPromise<Response>) {
            self.promise = promise
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                response.status = Int(head.status.code)
            case .body(var part):
                response.body.writeBuffer(&part)
                if response.body.readableBytes > HTTPPost.maximumBody {
                    promise.fail(Failure.tooLong)
                }
            case .end:
                promise.succeed(response)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            promise.fail(Failure.closed)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            promise.fail(error)
            context.close(promise: nil)
        }
    }
}
