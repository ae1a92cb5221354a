import NIOCore

/// Finds the ends of the answers in what comes in, and their status: all that a load needs of HTTP.
struct Answers {
    private var buffer = ByteBuffer()

    enum Failure: Error {
        case noLength
    }

    /// The statuses of the answers that are complete by now.
    mutating func take(_ bytes: inout ByteBuffer) throws -> [Int] {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.writeBuffer(&bytes)
        }
        var statuses: [Int] = []
        while let (status, length) = try first() {
            buffer.moveReaderIndex(forwardBy: length)
            statuses.append(status)
        }
        return statuses
    }

    private func first() throws -> (status: Int, length: Int)? {
        let bytes = buffer.readableBytesView
        guard let head = end(of: bytes) else { return nil }
        guard let body = bodyLength(bytes[..<head]) else { throw Failure.noLength }
        let length = head - bytes.startIndex + body
        guard bytes.count >= length else { return nil }
        let digits = bytes.dropFirst("HTTP/1.1 ".utf8.count).prefix(3)
        return (digits.reduce(0) { $0 * 10 + Int($1 &- 0x30) }, length)
    }

    private func end(of bytes: ByteBufferView) -> Int? {
        var rest = bytes
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let next = bytes[(end + 1)...]
            if next.starts(with: "\r\n".utf8) { return end + 3 }
            rest = next
        }
        return nil
    }

    private func bodyLength(_ head: ByteBufferView) -> Int? {
        let name = "content-length:".utf8
        for line in head.split(separator: UInt8(ascii: "\n")) where line.count > name.count {
            guard zip(line, name).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else { continue }
            return line.dropFirst(name.count)
                .filter { (0x30...0x39).contains($0) }.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        return nil
    }
}
