import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// A connection as Hummingbird serves it, with our own handler where its channel has gaps: it keeps
/// HTTP/1.0 open, never answers `Expect`, and has no limit of time for a head or a body.
struct FaceChannel: HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: Responder
    let limits: ConnectionLimits

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try HTTPConnection.addHandlers(to: channel, limits: limits)
            let value = try Value(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true))
            // A connection accepted while the listener closes is handed to nobody, and NIO traps if its
            // writer goes before the channel does.
            channel.closeFuture.whenComplete { _ in withExtendedLifetime(value) {} }
            return value
        }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(LoopExecutor(value.channel.eventLoop)) {
            await handleHTTP(asyncChannel: value, logger: logger)
        }
    }
}

extension HTTPConnection {
    static func addHandlers(to channel: any Channel, limits: ConnectionLimits) throws {
        let connection = HTTPConnection(limits: limits)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(HeadWatch(connection))
        var decoder = NIOHTTPDecoderLimitConfiguration()
        decoder.maxHeaderFieldSize = limits.maxHead
        decoder.maxHeaderListSize = limits.maxHead
        decoder.maxHeaderFieldCount = 100
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false,
            withOutboundHeaderValidation: false, withEncoderConfiguration: .init(),
            withDecoderLimitConfiguration: decoder)
        try pipeline.addHandler(connection)
    }
}
