import Foundation

/// One TCP connection by plain system calls, so that a test sees what really happens on the socket.
final class RawConnection: Sendable {
    /// How a connection came to its end.
    enum End: Equatable {
        case closed
        case reset
    }

    struct Refused: Error, Equatable {
        let errno: Int32
    }

    private let descriptor: Int32

    init(host: String = "127.0.0.1", port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // A read that nothing answers fails the test instead of hanging it; all tests run at once.
        var patience = timeval(tv_sec: 240, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr(host)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // Thrown from here, for all is initialised, `deinit` still closes the descriptor.
        guard result == 0 else { throw Refused(errno: errno) }
    }

    deinit {
        Glibc.close(descriptor)
    }

    func send(_ text: String) {
        send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Shuts the connection as a process that dies does.
    func leave() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// All that comes until the end, and what the end was.
    func readToEnd() async -> (text: String, end: End?) {
        var bytes: [UInt8] = []
        while true {
            switch await read() {
            case .success(let some) where some.isEmpty:
                return (String(decoding: bytes, as: UTF8.self), .closed)
            case .success(let some):
                bytes += some
            case .failure(let error):
                let end: End? = error.errno == ECONNRESET ? .reset : nil
                return (String(decoding: bytes, as: UTF8.self), end)
            }
        }
    }

    /// One answer by its `Content-Length`; `nil` if the connection ends before it does.
    func readAnswer(toHead: Bool = false) async -> ReceivedAnswer? {
        var bytes: [UInt8] = []
        while true {
            if let answer = ReceivedAnswer(bytes, toHead: toHead) { return answer }
            guard case .success(let some) = await read(), !some.isEmpty else { return nil }
            bytes += some
        }
    }

    /// Reads on a thread of its own, for the sandbox needs those of the pool.
    func read() async -> Result<[UInt8], Refused> {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var buffer = [UInt8](repeating: 0, count: 64 * 1024)
                var count: Int
                repeat {
                    count = recv(self.descriptor, &buffer, buffer.count, 0)
                } while count < 0 && errno == EINTR
                continuation.resume(
                    returning: count < 0
                        ? .failure(Refused(errno: errno)) : .success(Array(buffer.prefix(count))))
            }
        }
    }
}
