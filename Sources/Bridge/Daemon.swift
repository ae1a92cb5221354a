import CurlTransport
import GenesysCloud
import Listener
import Logging
import NIOCore
import NIOPosix
import Outbox
import QueueExecutor
import SQLiteOutbox
import ServiceLifecycle
import UnixSignals

/// The bridge itself: its parts, put together, started and stopped in order.
///
/// They stop from the last to the first: pruning ends within a page, the faces take nothing more, the
/// relay drains while the transport still works, and the store closes behind everything.
struct Daemon {
    private let settings: Settings
    private let notifier: Notifier
    private let logger = Logger(label: "genesys-bridge")

    /// Runs until the process is told to stop.
    ///
    /// - Throws: `CommandFailure`: 69 where it cannot listen, 74 where the disk failed, 75 where another
    ///   bridge has the store, 78 where the store is not to be used.
    static func run(_ settings: Settings, notifier: Notifier) async throws {
        let daemon = Daemon(settings: settings, notifier: notifier)
        do {
            try await daemon.run()
        } catch {
            throw CommandFailure(ofServing: error)
        }
    }

    private init(settings: Settings, notifier: Notifier) {
        self.settings = settings
        self.notifier = notifier
    }

    private func run() async throws {
        let environment = Environment.live
        let store = try await SQLiteOutbox.open(
            at: settings.store.path, aftercare: settings.aftercare, environment: environment,
            logger: logger)
        let transport = CurlTransport(userAgent: "genesys-bridge/\(Version.current)")
        // One of their own, so that shops that stall do not use up Genesys' room.
        let toShops = CurlTransport(userAgent: "genesys-bridge/\(Version.current)")
        // And one for agents, whose calls nobody bounds.
        let forAgents = CurlTransport(userAgent: "genesys-bridge/\(Version.current)")
        let client = client(store, transport, environment)
        let journal = MarkerJournal()
        let genesys = genesys(client, store, journal, environment)
        let feed = settings.feed(client, store, journal, environment, logger)
        let links = try await settings.fileLinks(store, environment)
        let relay = Relay(
            store: store,
            lines: [settings.line(to: genesys)]
                + settings.callbackLines(toShops, links, environment, logger),
            environment: environment, logger: logger)
        let census = Census(store: store, environment: environment, logger: logger)
        let listening = Listening(faces: 2)
        let announce: @Sendable (Listener.ListenAddress) async -> Void = {
            await listening.begin(at: $0)
        }
        var group = ServiceGroupConfiguration(
            services: [
                store, TransportService(transport: transport), TransportService(transport: toShops),
                TransportService(transport: forAgents),
                Follower { await genesys.run() }, Follower { await feed.run() }, relay,
                Recreator(
                    store: store, aftercare: settings.aftercare, environment: environment,
                    logger: logger),
                OpsFace(
                    at: settings.listen.ops.listener, tokens: settings.opsTokens, store: store,
                    census: { census.last }, relay: { await relay.status },
                    feed: { await feed.status }, environment: environment, logger: logger,
                    listening: announce),
                PublicFace(
                    at: settings.listen.public.listener, shops: try settings.shopAccess(),
                    settings: settings.intakeSettings, store: store,
                    relay: { await relay.status },
                    widget: settings.widget(
                        links, client.over(forAgents), store, environment, logger),
                    environment: environment, logger: logger, listening: announce),
                census,
                Pruner(
                    store: store, retention: settings.retention, environment: environment,
                    logger: logger),
                watchdog(store, relay, feed, transport, toShops, forAgents),
                Announcement(notifier: notifier, ready: { try await ready(listening) }),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(25)
        try await ServiceGroup(configuration: group).run()
    }

    private func client(
        _ store: SQLiteOutbox, _ transport: CurlTransport, _ environment: Environment
    ) -> GenesysClient {
        let budget = CallBudget(
            monthlyCalls: settings.genesys.monthlyCalls, used: { store.callsThisMonth },
            count: { store.count($0) })
        return settings.client(transport, budget, environment, logger)
    }

    private func genesys(
        _ client: GenesysClient, _ store: SQLiteOutbox, _ journal: MarkerJournal,
        _ environment: Environment
    ) -> GenesysDestination {
        GenesysDestination(
            client: client, provider: settings.genesys.provider, targets: settings.targets,
            shops: settings.profiles, joins: settings.conversation.followUps == .join,
            lookUp: settings.retry.lookUp, journal: journal, environment: environment,
            bind: { binding throws(StoreError) in try await store.bind(to: binding) },
            fences: { conversations throws(StoreError) in
                try await store.fences(of: conversations)
            },
            findings: { [path = settings.findingsPath] in Findings(at: path) })
    }

    private func ready(_ listening: Listening) async throws {
        let addresses = try await listening.all()
        logger.notice(
            "ready", metadata: ["listening": "\(addresses.joined(separator: ", "))"])
    }

    /// Each part that can get stuck has a queue of its own, and is asked there.
    private func watchdog(
        _ store: SQLiteOutbox, _ relay: Relay, _ feed: Feed, _ transport: CurlTransport,
        _ toShops: CurlTransport, _ forAgents: CurlTransport
    ) -> Watchdog {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        return Watchdog(
            notifier: notifier,
            pulses: [
                .init("store") { await store.answers() },
                .init("relay") { await relay.executor.answers() },
                .init("transport") { await transport.executor.answers() },
                .init("transport to shops") { await toShops.executor.answers() },
                .init("transport for agents") { await forAgents.executor.answers() },
                .init("event loop") { try? await loop.submit {}.get() },
            ],
            status: { await Self.line(store, relay, feed) },
            ticks: Watchdog.ticks(every: (notifier.watchdogInterval ?? .seconds(20)) / 2),
            logger: logger)
    }

    /// What `systemctl status` shows.
    private static func line(
        _ store: SQLiteOutbox, _ relay: Relay, _ feed: Feed
    ) async -> String? {
        guard let counts = try? await store.summary().counts else { return nil }
        let status = await relay.status
        let closed =
            status.destinations.filter { $0.closed != nil }.map { "\($0.name) closed" }
            + status.routes.filter { $0.stopped != nil }.map { "route \($0.name) stopped" }
            + (await feed.status.trouble == nil ? [] : ["no feed"])
        return
            (["pending", "in_doubt", "held", "dead"].compactMap { EntryState($0) }
            .map { "\(counts[$0] ?? 0) \($0)" } + closed).joined(separator: ", ")
    }
}

/// Does what follows deliveries, as long as the transport works.
private struct Follower: Service {
    let follow: @Sendable () async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown { await follow() }
    }
}

/// Ends the transport's connections once the relay has drained.
private struct TransportService: Service {
    let transport: CurlTransport

    func run() async throws {
        try? await gracefulShutdown()
        await transport.shutdown()
    }
}

/// Which faces accept connections by now.
private actor Listening {
    private let faces: Int
    private var addresses: [String] = []
    private let (stream, continuation) = AsyncStream<Void>.makeStream()

    init(faces: Int) { self.faces = faces }

    func begin(at address: Listener.ListenAddress) {
        addresses.append("\(address)")
        if addresses.count == faces { continuation.finish() }
    }

    func all() async throws -> [String] {
        for await _ in stream {}
        try Task.checkCancellation()
        return addresses
    }
}
