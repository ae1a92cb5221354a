import NIOCore
import NIOWebSocket

/// Hands on what a server says, and answers what has to be answered.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let frames: AsyncStream<FeedConnection.Frame>.Continuation

    init(_ frames: AsyncStream<FeedConnection.Frame>.Continuation) {
        self.frames = frames
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text: handOn(.text(Array(frame.unmaskedData.readableBytesView)), context)
        case .pong: handOn(.pong, context)
        case .ping:
            context.writeAndFlush(
                wrapOutboundOut(.client(.pong, frame.unmaskedData)), promise: nil)
        case .connectionClose:
            context.writeAndFlush(
                wrapOutboundOut(.client(.connectionClose, frame.unmaskedData)), promise: nil)
            context.close(promise: nil)
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        frames.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        frames.finish()
    }

    private func handOn(_ frame: FeedConnection.Frame, _ context: ChannelHandlerContext) {
        if case .dropped = frames.yield(frame) { context.close(promise: nil) }
    }
}
