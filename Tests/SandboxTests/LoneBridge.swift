import Foundation
import Synchronization

/// Takes one request after another on plain sockets, and gives each the next of its answers.
final class LoneBridge: Sendable {
    /// A request as it was received.
    struct Request {
        let first: String
        /// By lower-case name.
        let headers: [String: String]
        let body: String
    }

    let port: Int
    private let descriptor: Int32
    private let answers: [String]
    private let body: String
    private let count = Counter()

    init(answering answers: String..., body: String = "{}") throws {
        self.answers = answers
        self.body = body
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                let failed = bind(descriptor, pointer, length) + listen(descriptor, 8)
                return failed + getsockname(descriptor, pointer, &length)
            }
        }
        port = Int(in_port_t(bigEndian: address.sin_port))
        guard bound == 0 else { throw RawConnection.Refused(errno: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Takes a request, on a thread of its own, and answers it.
    func next() async throws -> Request {
        let answer = answers[min(count.next(), answers.count - 1)]
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: self.serve(answer))
            }
        }
    }

    private func serve(_ answer: String) -> Request {
        let accepted = accept(descriptor, nil, nil)
        defer { close(accepted) }
        var bytes: [UInt8] = []
        while true {
            if let request = Request(String(decoding: bytes, as: UTF8.self)) {
                let text = """
                    HTTP/1.1 \(answer)\r
                    Content-Type: application/problem+json\r
                    Content-Length: \(body.utf8.count)\r
                    \r
                    \(body)
                    """
                _ = Array(text.utf8).withUnsafeBytes { write(accepted, $0.baseAddress, $0.count) }
                return request
            }
            var buffer = [UInt8](repeating: 0, count: 64 * 1024)
            let count = recv(accepted, &buffer, buffer.count, 0)
            guard count > 0 else { return Request(first: "", headers: [:], body: "") }
            bytes += buffer.prefix(count)
        }
    }
}

extension LoneBridge.Request {
    /// `nil` until it is whole.
    fileprivate init?(_ text: String) {
        guard let blank = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<blank.lowerBound].components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            headers[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces)
        }
        let body = String(text[blank.upperBound...])
        guard body.utf8.count >= headers["content-length"].flatMap(Int.init) ?? 0 else {
            return nil
        }
        self.init(first: lines[0], headers: headers, body: body)
    }
}

/// Counts from 0.
private final class Counter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        value.withLock { value in
            defer { value += 1 }
            return value
        }
    }
}
