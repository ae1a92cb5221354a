import Foundation
import NIOCore

/// One accepted connection.
struct Connection: Sendable {
    /// Thrown once the connection has ended below HTTP and there is nothing left to say on it.
    struct Ended: Error {}

    /// Counts from 1.
    let number: Int
    let channel: any Channel
    /// Where it was accepted.
    let socket: ListeningSocket

    /// Ends the connection on the socket, below HTTP.
    func end(_ event: SocketEvent) async throws -> Never {
        try await channel.triggerUserOutboundEvent(event).get()
        throw Ended()
    }

    /// Says nothing any more until the client leaves, or closes after that time.
    func stall(for time: Duration?) async throws -> Never {
        if let time {
            channel.eventLoop.scheduleTask(in: TimeAmount(time)) { channel.close(promise: nil) }
        }
        try await channel.closeFuture.get()
        throw Ended()
    }
}
