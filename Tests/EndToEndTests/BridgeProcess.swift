import CurlTransport
import Foundation
import TestSupport

/// The real daemon, as a process of its own with a store of its own.
final class BridgeProcess {
    let directory: URL
    let client: BridgeClient
    private let settings: URL
    private var process = Process()

    init(
        sandbox origin: String, queue: String, perMinute: Int = 60_000,
        followUps: String = "new", transport: CurlTransport
    ) throws {
        directory = FileManager.default.temporaryDirectory
            .appending(path: "bridge-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        client = BridgeClient(
            publicPort: try freePort(), opsPort: try freePort(), transport: transport)
        settings = directory.appending(path: "settings.yaml")
        let text = """
            listen:
              public: 127.0.0.1:\(client.publicPort)
              ops: 127.0.0.1:\(client.opsPort)
            store:
              path: \(directory.path)/outbox.sqlite
            genesys:
              loginURL: \(origin)
              apiURL: \(origin)
              clientID: demo
              clientSecret: demo-secret
              queueID: \(queue)
              requestsPerMinute: \(perMinute)
            shop:
              tokens:
                test:
                  secret: \(BridgeClient.token)
                  scope: write
            conversation:
              followUps: \(followUps)
            retry:
              lookAt: [200ms, 500ms, 1s, 2s, 5s]
            log:
              level: warning
            """
        try Data(text.utf8).write(to: settings)
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: directory)
    }

    /// Measures how the look-ups see a conversation, without which no silence of them proves anything.
    func probe() throws {
        let check = Process()
        check.executableURL = Self.products.appending(path: "genesys-bridge")
        check.arguments = [
            "check", "--config", settings.path, "--live", "--probe", "default",
        ]
        check.environment = ["PATH": "/usr/bin:/bin"]
        check.standardOutput = FileHandle.nullDevice
        try check.run()
        check.waitUntilExit()
        guard check.terminationStatus == 0 else { throw Stopped() }
    }

    /// Starts it, and returns when it says that it is ready.
    func start() async throws {
        let manager = ManagerSocket()
        process = Process()
        process.executableURL = Self.products.appending(path: "genesys-bridge")
        process.arguments = ["serve", "--config", settings.path]
        process.environment = ["NOTIFY_SOCKET": manager.name, "PATH": "/usr/bin:/bin"]
        process.terminationHandler = { _ in manager.send("gone") }
        try process.run()
        while true {
            let message = await manager.receive()
            if message.contains("READY=1") { return }
            if message == "gone" { throw Stopped() }
        }
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

    /// Where this test's own binary lies, and the daemon's beside it.
    private static var products: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    }
}

/// Something ended or answered as it never should.
struct Stopped: Error {}

/// A port that nobody listens on right now, below those that the kernel gives to whoever asks for any.
private func freePort() throws -> Int {
    for _ in 0..<1000 {
        let port = Int.random(in: 24_000..<32_000)
        if isFree(UInt16(port)) { return port }
    }
    throw POSIXError(.EADDRNOTAVAIL)
}

private func isFree(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    return withUnsafePointer(to: address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}
