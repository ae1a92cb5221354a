import Dispatch
import FoundationEssentials
import Glibc

/// The service manager's end of the notification socket.
public final class ManagerSocket: Sendable {
    /// As `$NOTIFY_SOCKET` has it.
    public let name: String
    private let descriptor: Int32

    public enum Kind: CaseIterable, Sendable { case file, abstract }

    public init(_ kind: Kind = .file) {
        let unique = "bridge-notify-\(UUID().uuidString)"
        name = kind == .abstract ? "@\(unique)" : "/tmp/\(unique)"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        let bound = withAddress { bind(descriptor, $0, $1) }
        precondition(bound == 0, "cannot bind \(name)")
    }

    /// Has somebody else's word arrive here, such as that the daemon is gone.
    public func send(_ text: String) {
        _ = withAddress { sendto(descriptor, text, text.utf8.count, 0, $0, $1) }
    }

    private func withAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { buffer in
            buffer.copyBytes(from: name.utf8)
            // An abstract name begins with a zero byte.
            if name.hasPrefix("@") { buffer[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.utf8.count)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    deinit {
        close(descriptor)
        unlink(name)
    }

    /// The next datagram, waited for off the pool that the code under test runs on.
    public func receive() async -> String {
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
    public var hasMore: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) >= 0
    }
}
