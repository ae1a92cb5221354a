import NIOCore
import NIOWebSocket
import Synchronization

/// One websocket of a channel.
///
/// It can be sent to from the moment that its channel knows it, which is before the client learns that it
/// may read: what comes between is kept for it.
final class FeedConnection: Sendable {
    private struct State {
        /// What waits for the websocket to open; none once it has.
        var waiting: [String]? = []
        var isSilent = false
    }

    private let channel: any Channel
    private let state = Mutex(State())

    init(_ channel: any Channel) {
        self.channel = channel
    }

    func send(_ text: String) {
        // Written under the lock, so that all go out in the order in which they were sent.
        state.withLock { state in
            guard !state.isSilent else { return }
            if state.waiting == nil {
                write(.text, ByteBuffer(string: text))
            } else {
                state.waiting?.append(text)
            }
        }
    }

    func answer(ping data: ByteBuffer) {
        guard !state.withLock({ $0.isSilent }) else { return }
        write(.pong, data)
    }

    /// The frames can go out now.
    func open() {
        state.withLock { state in
            for text in state.waiting ?? [] {
                write(.text, ByteBuffer(string: text))
            }
            state.waiting = nil
        }
    }

    /// Says nothing any more, and answers nothing, or speaks again.
    func silence(_ silent: Bool) {
        state.withLock { $0.isSilent = silent }
    }

    /// Says goodbye and closes.
    func end() {
        guard state.withLock({ $0.waiting == nil }) else { return cut() }
        var code = ByteBuffer()
        code.write(webSocketErrorCode: .goingAway)
        write(.connectionClose, code)
        cut()
    }

    /// Closes without a word.
    func cut() {
        channel.close(promise: nil)
    }

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
        channel.writeAndFlush(WebSocketFrame(fin: true, opcode: opcode, data: data), promise: nil)
    }
}
