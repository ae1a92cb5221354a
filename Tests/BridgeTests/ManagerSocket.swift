import Dispatch
import FoundationEssentials
import Glibc

/// The service manager's end of the notification socket.
final class ManagerSocket: Sendable {
    /// As `$NOTIFY_SOCKET` has it.
    let name: String
    private let descriptor: Int32

    enum Kind: CaseIterable { case file, abstract }

    init(_ kind: Kind = .file) {
        let unique = "bridge-notify-\(UUID().uuidString)"
        name = kind == .abstract ? "@\(unique)" : "/tmp/\(unique)"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { buffer in
            buffer.copyBytes(from: name.utf8)
            if kind == .abstract { buffer[0] = 0 }
        }
        let length = socklen_t(2 + name.utf8.count)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        precondition(bound == 0, "cannot bind \(name)")
    }

    deinit {
        close(descriptor)
        unlink(name)
    }

    /// The next datagram, waited for off the pool that the code under test runs on.
    func receive() async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [self] in
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = recv(descriptor, &buffer, buffer.count, 0)
                let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
                continuation.resume(returning: text)
            }
        }
    }

    /// Whether a datagram is there already.
    var hasMore: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) >= 0
    }
}
