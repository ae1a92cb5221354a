import Foundation
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Hears what a client says on its websocket.
final class FeedHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private let connection: FeedConnection

    init(_ connection: FeedConnection) {
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connection.open()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .connectionClose:
            connection.end()
        case .ping:
            connection.answer(ping: frame.unmaskedData)
        case .text:
            let said = try? JSONDecoder().decode(
                Message.self, from: Data(frame.unmaskedData.readableBytesView))
            if said?.message == "ping" {
                connection.send(FeedFrame.told("pong"))
            }
        default:
            break
        }
    }

    private struct Message: Decodable {
        let message: String
    }
}

/// Answers who asks for no channel that there is, or for no websocket.
final class NoChannelHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        let head = HTTPResponseHead(
            version: .http1_1, status: .notFound,
            headers: ["Content-Length": "0", "Connection": "close"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }

    /// That there is no such channel is answered above.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !(error is NIOWebSocketUpgradeError) else { return }
        context.close(promise: nil)
    }
}

extension WebSocketFrame {
    fileprivate var unmaskedData: ByteBuffer {
        var data = data
        if let maskKey {
            data.webSocketUnmask(maskKey)
        }
        return data
    }
}
