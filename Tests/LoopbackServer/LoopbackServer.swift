import Foundation
import Glibc

/// A server on a loopback port that plays a script, below HTTP where the test wants it.
///
/// The script runs once for each connection, on a thread of its own; the connection closes when it
/// returns. The port closes with the server. None of these threads is of Dispatch, which has 255 for the whole
/// process: a hundred servers that wait would leave it none.
public final class LoopbackServer: Sendable {
    public let port: UInt16
    private let listener: Int32
    private let log: Log

    /// Connections accepted so far.
    public var connectionCount: Int { log.connections }

    /// Every request received completely, in the order of its last byte.
    public var requests: [LoopbackRequest] { log.requests }

    public init(_ script: @escaping @Sendable (LoopbackConnection) throws -> Void) throws {
        let (listener, port) = try boundSocket()
        guard listen(listener, 512) == 0 else { throw LoopbackError(errno) }
        let log = Log()
        self.listener = listener
        self.port = port
        self.log = log
        Thread.detachNewThread {
            while true {
                let socket = accept(listener, nil, nil)
                if socket < 0, errno == EINTR || errno == ECONNABORTED { continue }
                guard socket >= 0 else { break }
                let number = log.addConnection()
                Thread.detachNewThread {
                    let connection = LoopbackConnection(socket, number: number, log: log)
                    try? script(connection)
                    connection.close()
                }
            }
            Glibc.close(listener)
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }
}

/// A port that refuses connections, and that nobody else gets meanwhile.
public final class RefusingPort: Sendable {
    public let port: UInt16
    private let socket: Int32

    public init() throws {
        (socket, port) = try boundSocket()
    }

    deinit {
        close(socket)
    }
}

public struct LoopbackError: Error {
    public let number: Int32

    init(_ number: Int32) {
        self.number = number
    }
}

private func boundSocket() throws -> (socket: Int32, port: UInt16) {
    let bound = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard bound >= 0 else { throw LoopbackError(errno) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout.size(ofValue: address))
    let result = withUnsafeMutableBytes(of: &address) { bytes in
        let pointer = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
        guard let pointer, bind(bound, pointer, length) == 0 else { return Int32(-1) }
        return getsockname(bound, pointer, &length)
    }
    guard result == 0 else { throw LoopbackError(errno) }
    return (bound, UInt16(bigEndian: address.sin_port))
}
