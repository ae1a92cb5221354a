import NIOCore

/// Tells the connection of bytes that made no request yet: the beginning of a head.
///
/// Stands before the decoder, which keeps quiet until a head is whole.
final class HeadWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: HTTPConnection

    init(_ connection: HTTPConnection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireChannelRead(data)
        connection.hasReadBytes()
    }
}

@available(*, unavailable)
extension HeadWatch: Sendable {}
