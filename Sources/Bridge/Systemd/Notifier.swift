#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Tells the service manager how the daemon is, by the protocol of sd_notify(3).
///
/// Without `$NOTIFY_SOCKET` nobody listens, and nothing is sent.
struct Notifier: Sendable {
    enum Note: Sendable, Equatable {
        case ready
        case stopping
        /// One line for `systemctl status`.
        case status(String)
        /// Alive: resets the watchdog.
        case watchdog

        var line: String {
            switch self {
            case .ready: "READY=1"
            case .stopping: "STOPPING=1"
            case .status(let text): "STATUS=\(text.onOneLine)"
            case .watchdog: "WATCHDOG=1"
            }
        }
    }

    private let path: String?

    /// How often the manager wants to hear `watchdog`; `nil` if it does not watch this process.
    let watchdogInterval: Duration?

    /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
    init(environment: [String: String]) {
        path = environment["NOTIFY_SOCKET"].flatMap { path in
            path.utf8.count < 108 && (path.hasPrefix("/") || path.hasPrefix("@")) ? path : nil
        }
        let isOurs = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
        watchdogInterval =
            isOurs
            ? environment["WATCHDOG_USEC"].flatMap(Int64.init).map(Duration.microseconds) : nil
    }

    var isConnected: Bool { path != nil }

    /// Sends them as one datagram; a manager that does not listen is no reason to fail.
    func send(_ notes: Note...) {
        guard let path else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { buffer in
            buffer.copyBytes(from: path.utf8)
            // An abstract name begins with a zero byte.
            if path.hasPrefix("@") { buffer[0] = 0 }
        }
        // The name's own length matters: the bytes after an abstract one would belong to it.
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let text = notes.map(\.line).joined(separator: "\n")
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                // A manager that does not read must not stop the daemon.
                sendto(
                    descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT),
                    address, length)
            }
        }
    }
}
