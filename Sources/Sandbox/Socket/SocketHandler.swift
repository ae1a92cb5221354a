import Foundation
import NIOCore

/// What is done to a connection below HTTP.
enum SocketEvent: Sendable {
    /// Ends it with an RST, and what the client has not read yet with it.
    case reset
    /// Sends these bytes past the HTTP encoder, and closes.
    case cut(Data)
}

/// Stands next to the socket and carries out a ``SocketEvent``.
final class SocketHandler: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        switch event as? SocketEvent {
        case .reset:
            // A socket that lingers for no time at all has only the RST left to say.
            let options = context.channel as? any SocketOptionProvider
            _ = options?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            context.close(promise: promise)
        case .cut(let bytes):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            context.close(promise: promise)
        case nil:
            context.triggerUserOutboundEvent(event, promise: promise)
        }
    }
}
