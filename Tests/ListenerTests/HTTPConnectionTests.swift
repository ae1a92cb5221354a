import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Listener

/// The deadlines of a connection, in time that only a test moves.
@Suite struct HTTPConnectionTests {
    private let channel = EmbeddedChannel()
    private let head = "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n"

    init() throws {
        try HTTPConnection.addHandlers(to: channel, limits: ConnectionLimits())
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    @Test func aHeadHasTenSecondsFromItsFirstByte() throws {
        channel.advance(by: .seconds(30))
        #expect(channel.isActive)
        for byte in "POST / HT" {
            try receive(String(byte))
            channel.advance(by: .seconds(1))
        }
        #expect(try sent() == "")
        channel.advance(by: .seconds(1))
        let answer = try sent()
        #expect(answer.hasPrefix("HTTP/1.1 408 "))
        #expect(answer.contains("application/problem+json") && answer.contains("connection: close"))
        channel.advance(by: .seconds(2))
        #expect(!channel.isActive)
    }

    @Test func theNextHeadHasItsTimeToo() throws {
        try receive(head + "hello")
        try answer()
        _ = try sent()
        channel.advance(by: .seconds(20))
        try receive("GET")
        channel.advance(by: .seconds(9))
        #expect(channel.isActive)
        channel.advance(by: .seconds(1))
        #expect(try sent().hasPrefix("HTTP/1.1 408 "))
    }

    @Test func aLargeBodyHasTheTimeThatAPoorLineNeeds() throws {
        try receive("POST / HTTP/1.1\r\nContent-Length: \(10 << 20)\r\n\r\n")
        try dribble(seconds: 150)
        channel.advance(by: .seconds(39))
        #expect(try sent() == "")
        channel.advance(by: .seconds(1))
        #expect(throws: HTTPConnection.Failure.tooSlow) { try channel.throwIfErrorCaught() }
        #expect(try sent().hasPrefix("HTTP/1.1 408 "))
    }

    @Test func noBodyHasTimeWithoutEnd() throws {
        try receive("POST / HTTP/1.1\r\nContent-Length: \(Int.max)\r\n\r\n")
        try dribble(seconds: 1050)
        channel.advance(by: .seconds(3))
        #expect(try sent() == "")
        channel.advance(by: .seconds(1))
        #expect(throws: HTTPConnection.Failure.tooSlow) { try channel.throwIfErrorCaught() }
    }

    /// Never so long without a byte that the connection would count as idle.
    private func dribble(seconds: Int64) throws {
        for _ in 0..<seconds / 50 {
            channel.advance(by: .seconds(50))
            try receive("x")
        }
    }

    @Test func aBodyHasThirtySecondsHoweverItIsDribbled() throws {
        try receive(head)
        for byte in "hell" {
            channel.advance(by: .seconds(7))
            try receive(String(byte))
        }
        #expect(try sent() == "")
        channel.advance(by: .seconds(1))
        #expect(throws: HTTPConnection.Failure.tooSlow) {
            channel.advance(by: .seconds(1))
            try channel.throwIfErrorCaught()
        }
        #expect(try sent().hasPrefix("HTTP/1.1 408 "))
        // What the application still says is not sent.
        try? answer()
        #expect(try sent() == "")
    }

    @Test func aWholeRequestHasNoDeadline() throws {
        try receive(head + "hello")
        channel.advance(by: .hours(1))
        #expect(channel.isActive)
        try answer()
        #expect(try sent().hasPrefix("HTTP/1.1 200 "))
    }

    @Test func anIdleConnectionIsClosedInSilence() throws {
        try receive(head + "hello")
        try answer()
        _ = try sent()
        channel.advance(by: .seconds(59))
        #expect(channel.isActive)
        channel.advance(by: .seconds(1))
        #expect(!channel.isActive)
        #expect(try sent() == "")
    }

    @Test func aStopWaitsForTheRequestsUnderWay() throws {
        try receive(head + "hello")
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        channel.advance(by: .seconds(4))
        #expect(channel.isActive)
        try answer()
        #expect(try sent().contains("connection: close"))
        channel.advance(by: .seconds(2))
        #expect(!channel.isActive)
    }

    @Test func aStopAnswersEveryRequestThatWasRead() throws {
        try receive(head + "hello" + head + "hello")
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        try answer()
        #expect(try !sent().contains("connection: close"))
        try answer()
        #expect(try sent().contains("connection: close"))
    }

    @Test func aStopDoesNotWaitForLong() throws {
        try receive(head + "hel")
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        channel.advance(by: .seconds(5))
        #expect(!channel.isActive)
    }

    @Test func aStopClosesAnIdleConnectionAtOnce() {
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(!channel.isActive)
    }

    private func receive(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
    }

    private func answer() throws {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentLength] = "0"
        try channel.writeOutbound(HTTPResponsePart.head(head))
        try channel.writeOutbound(HTTPResponsePart.end(nil))
    }

    /// All that was sent since the last time.
    private func sent() throws -> String {
        var text = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
            text += String(buffer: bytes)
        }
        return text
    }
}

extension EmbeddedChannel {
    fileprivate func advance(by time: TimeAmount) { embeddedEventLoop.advanceTime(by: time) }
}
