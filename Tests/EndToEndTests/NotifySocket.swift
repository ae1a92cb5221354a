import Foundation

/// Stands where systemd would, and hears what a daemon tells it.
final class NotifySocket: Sendable {
    let path: String
    let messages: AsyncStream<String>
    private let descriptor: Int32

    init(in directory: URL) throws {
        let path = directory.appending(path: "notify").path
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        self.path = path
        self.descriptor = descriptor
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard bound == 0 else { throw POSIXError(.EADDRINUSE) }
        let (stream, heard) = AsyncStream<String>.makeStream()
        messages = stream
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
                heard.yield(String(decoding: buffer.prefix(count), as: UTF8.self))
            }
            heard.finish()
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}
