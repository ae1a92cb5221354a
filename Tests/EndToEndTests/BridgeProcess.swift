import CurlTransport
import ExactJSON
import Foundation

/// The real daemon, as a process of its own with a store of its own.
final class BridgeProcess {
    static let token = "a token of at least twenty-four characters"

    let directory: URL
    let publicPort: Int
    let opsPort: Int
    private let settings: URL
    private let transport: CurlTransport
    private var process = Process()

    init(
        sandbox origin: String, queue: String, extra: String = "", transport: CurlTransport
    ) throws {
        directory = FileManager.default.temporaryDirectory
            .appending(path: "bridge-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        publicPort = try freePort()
        opsPort = try freePort()
        settings = directory.appending(path: "settings.yaml")
        self.transport = transport
        let text = """
            listen:
              public: 127.0.0.1:\(publicPort)
              ops: 127.0.0.1:\(opsPort)
            store:
              path: \(directory.path)/outbox.sqlite
            genesys:
              loginURL: \(origin)
              apiURL: \(origin)
              clientID: demo
              clientSecret: demo-secret
              queueID: \(queue)
              requestsPerMinute: 60000
            shop:
              tokens:
                test:
                  secret: \(Self.token)
                  scope: write
            log:
              level: warning
            \(extra)
            """
        try Data(text.utf8).write(to: settings)
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: directory)
    }

    /// Starts it, and returns when it says that it is ready.
    func start() async throws {
        let listener = try NotifySocket(in: directory)
        process = Process()
        process.executableURL = Self.products.appending(path: "genesys-bridge")
        process.arguments = ["serve", "--config", settings.path]
        process.environment = ["NOTIFY_SOCKET": listener.path, "PATH": "/usr/bin:/bin"]
        try process.run()
        for await message in listener.messages where message.contains("READY=1") {
            try FileManager.default.removeItem(atPath: listener.path)
            return
        }
        throw Stopped()
    }

    /// Ends it without a word, as a power cut would, and returns when it is gone.
    func killNow() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Asks it to stop, and returns its exit code.
    func stop() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Posts the message, and returns the id it was accepted with; `nil` for anything but a 2xx.
    func post(_ message: JSON, key: String) async -> String? {
        let request = TransportRequest(
            method: "POST", url: "http://127.0.0.1:\(publicPort)/v1/messages",
            headers: [
                ("Authorization", "Bearer \(Self.token)"), ("Content-Type", "application/json"),
                ("Idempotency-Key", key),
            ], body: message.bytes)
        guard let response = try? await transport.send(request),
            (200..<300).contains(response.status)
        else { return nil }
        return (try? JSON(parsing: response.body))?["id"]?.string
    }

    /// How many entries stand in each state.
    func counts() async throws -> [String: Int] {
        let outbox = try await ops("GET", "/outbox?limit=1")
        guard case .object(let members)? = outbox["counts"] else { throw Stopped() }
        return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value.integer ?? -1) })
    }

    func ops(_ method: String, _ path: String) async throws -> JSON {
        let response = try await transport.send(
            TransportRequest(
                method: method, url: "http://127.0.0.1:\(opsPort)\(path)",
                headers: [("Accept", "application/json")]))
        return try JSON(parsing: response.body)
    }

    /// Where this test's own binary lies, and the daemon's beside it.
    private static var products: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    }

    struct Stopped: Error {}
}

/// A port that nobody listens on right now.
private func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let found = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
        }
    }
    guard found else { throw POSIXError(.EADDRNOTAVAIL) }
    return Int(UInt16(bigEndian: address.sin_port))
}
