import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import Sandbox

@Suite("Connection of the feed")
struct FeedConnectionTests {
    private func sent(_ channel: EmbeddedChannel) throws -> [String] {
        var texts: [String] = []
        while let frame = try channel.readOutbound(as: WebSocketFrame.self) {
            texts.append(String(buffer: frame.data))
        }
        return texts
    }

    @Test func whatIsSentBeforeItOpensComesFirst() throws {
        let channel = EmbeddedChannel()
        let connection = FeedConnection(channel)
        connection.send("a")
        connection.send("b")
        #expect(try sent(channel).isEmpty)
        connection.open()
        connection.send("c")
        #expect(try sent(channel) == ["a", "b", "c"])
    }

    @Test func aSilentOneLosesWhatItIsTold() throws {
        let channel = EmbeddedChannel()
        let connection = FeedConnection(channel)
        connection.silence(true)
        connection.send("a")
        connection.open()
        connection.send("b")
        connection.answer(ping: ByteBuffer(string: "c"))
        connection.silence(false)
        connection.send("d")
        #expect(try sent(channel) == ["d"])
    }
}
