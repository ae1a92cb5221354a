import ExactJSON
import Foundation

/// One TCP connection by plain system calls: it sends what a test wrote, right or wrong, and tells
/// what came back.
final class Client {
    struct Answer {
        let head: String
        let status: Int
        let body: [UInt8]

        /// The first value of a header; `nil` without one.
        subscript(name: String) -> String? {
            head.components(separatedBy: "\r\n").dropFirst().lazy
                .map { $0.split(separator: ":", maxSplits: 1) }
                .first { $0[0].lowercased() == name }
                .map { $0.count > 1 ? $0[1].trimmingCharacters(in: .whitespaces) : "" }
        }

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSON? { try? JSON(parsing: body) }
    }

    struct Failure: Error {
        let errno: Int32
    }

    private let descriptor: Int32
    private var unread: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // A read that nothing answers fails the test instead of hanging it; all tests run at once.
        var patience = timeval(tv_sec: 240, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            Glibc.close(descriptor)
            throw Failure(errno: errno)
        }
    }

    deinit { Glibc.close(descriptor) }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends no more, and still listens.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// The next answer, informational ones too; `nil` if the connection ends first.
    func answer(toHead: Bool = false) async throws -> Answer? {
        while true {
            if let (answer, length) = parse(unread, toHead: toHead) {
                unread.removeFirst(length)
                return answer
            }
            guard try await read() else { return nil }
        }
    }

    /// The next line of a body that goes on; `nil` if the connection ends first.
    func line() async throws -> String? {
        while true {
            if let end = unread.firstIndex(of: 10) {
                let line = String(decoding: unread[..<end], as: UTF8.self)
                unread.removeFirst(end + 1)
                return line.hasSuffix("\r") ? String(line.dropLast()) : line
            }
            guard try await read() else { return nil }
        }
    }

    /// That many bytes of a body; `nil` if the connection ends first.
    func bytes(_ count: Int) async throws -> String? {
        while unread.count < count {
            guard try await read() else { return nil }
        }
        defer { unread.removeFirst(count) }
        return String(decoding: unread.prefix(count), as: UTF8.self)
    }

    /// Whether the connection ends with nothing more to read.
    func isClosed() async throws -> Bool {
        guard unread.isEmpty else { return false }
        return try await !read()
    }

    /// Reads on a thread of its own, for the listener needs those of the pool.
    private func read() async throws -> Bool {
        let descriptor = descriptor
        let bytes: [UInt8] = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                var buffer = [UInt8](repeating: 0, count: 1 << 16)
                var count: Int
                repeat {
                    count = recv(descriptor, &buffer, buffer.count, 0)
                } while count < 0 && errno == EINTR
                if count < 0 {
                    continuation.resume(throwing: Failure(errno: errno))
                } else {
                    continuation.resume(returning: Array(buffer.prefix(count)))
                }
            }
        }
        unread += bytes
        return !bytes.isEmpty
    }
}

private func parse(_ bytes: [UInt8], toHead: Bool) -> (Client.Answer, Int)? {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
    let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    let bare = Client.Answer(head: head, status: status, body: [])
    let length = toHead || status < 200 ? 0 : bare["content-length"].flatMap { Int($0) } ?? 0
    let body = bytes[end.upperBound...].prefix(length)
    guard body.count == length else { return nil }
    return (
        Client.Answer(head: head, status: status, body: Array(body)), end.upperBound + length
    )
}
