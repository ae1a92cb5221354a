import Glibc

/// A request as it came over the wire.
public struct LoopbackRequest: Sendable {
    public let connection: Int
    public let method: String
    public let target: String
    public let headers: [String]
    public let body: [UInt8]

    /// The value of the first header of that name.
    public func header(_ name: String) -> String? {
        let prefix = name.lowercased() + ": "
        return headers.first { $0.lowercased().hasPrefix(prefix) }
            .map { String($0.dropFirst(prefix.count)) }
    }
}

/// One accepted connection, used by its script alone.
public final class LoopbackConnection {
    /// Counted from one, in the order of arrival.
    public let number: Int
    private let socket: Int32
    private let log: Log
    private var received: [UInt8] = []
    private var isOpen = true

    init(_ socket: Int32, number: Int, log: Log) {
        self.socket = socket
        self.number = number
        self.log = log
    }

    /// The next complete request, nil when the client has closed.
    public func readRequest() throws -> LoopbackRequest? {
        let blankLine = Array("\r\n\r\n".utf8)
        var end = 0
        while true {
            if let found = received.firstRange(of: blankLine) {
                end = found.upperBound
                break
            }
            guard try readMore() else { return nil }
        }
        let lines = String(decoding: received[..<end], as: UTF8.self)
            .split(whereSeparator: \.isNewline).map(String.init)
        let start = (lines.first ?? "").split(separator: " ").map(String.init)
        guard start.count == 3 else { throw LoopbackError(EBADMSG) }
        let length =
            lines.first { $0.lowercased().hasPrefix("content-length: ") }
            .flatMap { Int($0.dropFirst(16)) } ?? 0
        while received.count < end + length {
            guard try readMore() else { return nil }
        }
        let request = LoopbackRequest(
            connection: number, method: start[0], target: start[1],
            headers: Array(lines.dropFirst()), body: Array(received[end..<end + length]))
        received.removeFirst(end + length)
        log.add(request)
        return request
    }

    public func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    public func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw LoopbackError(errno) }
            sent += count
        }
    }

    /// Answers 200, or another status line's rest, with a body and its length.
    public func respond(
        _ status: String = "200 OK", headers: [String] = [], body: [UInt8] = []
    ) throws {
        let lines = ["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.count)", "", ""]
        try write(Array(lines.joined(separator: "\r\n").utf8) + body)
    }

    /// Returns once the client has closed; what it still sends is dropped.
    public func waitForClose() throws {
        while try readMore() { received = [] }
    }

    /// Ends the connection with a RST.
    public func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout.size(ofValue: now)))
        close()
    }

    public func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(socket)
    }

    private func readMore() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16384)
        let count = recv(socket, &chunk, chunk.count, 0)
        guard count >= 0 else { throw LoopbackError(errno) }
        received += chunk[..<count]
        return count > 0
    }
}
