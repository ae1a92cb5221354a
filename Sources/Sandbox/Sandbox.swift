import Foundation
public import ServiceLifecycle

/// A pretend Genesys Cloud on a port of this machine, with planned faults and a journal.
///
/// Speaks the login and the API under one ``origin``. What is not known of the real API it answers
/// the stricter way. In a test:
///
/// ```swift
/// try await withSandbox { sandbox in
///     await sandbox.plan(.init(on: .create, do: .reset, applied: true))
///     // … the client under test runs against sandbox.origin …
///     let created = try await sandbox.conversations(atLeast: 1)
/// }
/// ```
///
/// All that it can be told in Swift, it can be told over HTTP at `/sandbox` as well.
public final class Sandbox: Service {
    /// The port it listens on, also where a free one was asked for.
    public let port: Int
    /// The URL of the login and of the API, as in `http://127.0.0.1:8090`.
    public let origin: String

    /// The port that notification channels are connected to, also where a free one was asked for.
    public let notificationsPort: Int

    let control: Control
    private let feed: FeedSocket
    private let serving: Task<Void, Never>
    private let ticking: Task<Void, Never>

    var organization: Organization {
        control.organization
    }

    private init(_ options: Options, port: Int, control: Control, feed: FeedSocket) {
        self.port = port
        self.control = control
        self.feed = feed
        notificationsPort = feed.port
        origin = "http://\(ListenAddress(host: options.host, port: port))"
        serving = Task { await control.socket.serve() }
        ticking = Task {
            // Often enough that what time brings about is told soon after it came about.
            while (try? await Task.sleep(for: .milliseconds(100))) != nil {
                await control.organization.tick()
            }
        }
    }

    /// Starts a sandbox; it listens when this returns.
    ///
    /// - Throws: NIO's `IOError` if an address cannot be listened on.
    public static func start(_ options: Options = Options()) async throws -> Sandbox {
        let organization = Organization(options)
        let socket = ListeningSocket(options) { request, writer, connection in
            let exchange = Exchange(organization: organization, connection: connection)
            try await exchange.respond(to: request, writer)
        }
        let feed = try await FeedSocket.open(
            host: options.notificationsHost, port: options.notificationsPort,
            organization: organization)
        await organization.openFeed(
            at: ListenAddress(host: options.notificationsHost, port: feed.port))
        do {
            let port = try await socket.open()
            return Sandbox(
                options, port: port,
                control: Control(organization: organization, socket: socket), feed: feed)
        } catch {
            await feed.end()
            throw error
        }
    }

    /// Closes its ports and every connection, and returns when nothing of it runs any more.
    public func stop() async {
        await control.socket.end()
        await serving.value
        ticking.cancel()
        await ticking.value
        await feed.end()
    }

    /// Serves until the service group shuts down, then stops.
    public func run() async throws {
        try? await gracefulShutdown()
        await stop()
    }
}

/// Runs the body with a sandbox on a free port, and stops the sandbox after it.
public func withSandbox<Result: Sendable>(
    _ options: Sandbox.Options = Sandbox.Options(),
    _ body: (Sandbox) async throws -> Result
) async throws -> Result {
    let sandbox = try await Sandbox.start(options)
    do {
        let result = try await body(sandbox)
        await sandbox.stop()
        return result
    } catch {
        await sandbox.stop()
        throw error
    }
}
