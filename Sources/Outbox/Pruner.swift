public import Logging
public import ServiceLifecycle

/// Drops what is kept no longer, in rounds of small pages between which the store belongs to others.
///
/// The first round begins a minute after the start, each further one an hour after the last. A page is
/// followed by nine times as long a rest as it took, waiting for the store included: pruning has a tenth
/// of the time at most, and less where there is much else to do.
public struct Pruner: Service {
    /// Changes or messages of a page: a few milliseconds of the writer.
    static let page = 50

    private let prune: @Sendable (Cutoff, PruningPlace) async throws(StoreError) -> PrunedPage
    private let retention: Retention
    private let environment: Environment
    private let logger: Logger

    public init(
        store: any OutboxStore, retention: Retention, environment: Environment, logger: Logger
    ) {
        self.init(retention: retention, environment: environment, logger: logger) {
            cutoff, place throws(StoreError) in
            try await store.prune(before: cutoff, at: place, limit: Self.page)
        }
    }

    init(
        retention: Retention, environment: Environment, logger: Logger,
        prune: @escaping @Sendable (Cutoff, PruningPlace) async throws(StoreError) -> PrunedPage
    ) {
        self.prune = prune
        self.retention = retention
        self.environment = environment
        self.logger = logger
    }

    public func run() async throws {
        // It ends by being cancelled in one of its waits, never in a page.
        try? await cancelWhenGracefulShutdown {
            var wait = Duration.seconds(60)
            while true {
                try await environment.sleep(until: environment.uptime() + wait)
                try await round()
                wait = .seconds(3600)
            }
        }
    }

    private func round() async throws {
        let cutoff = retention.cutoff(at: environment.now())
        var dropped = Pruned()
        var place: PruningPlace? = .start
        while let current = place {
            let start = environment.uptime()
            do throws(StoreError) {
                let page = try await prune(cutoff, current)
                dropped += page.dropped
                place = page.next
            } catch {
                logger.error("pruning failed", metadata: ["error": "\(error)"])
                return
            }
            let end = environment.uptime()
            try await environment.sleep(until: end + (end - start) * 9)
        }
        guard dropped != Pruned() else { return }
        logger.info(
            "pruned",
            metadata: [
                "changes": "\(dropped.changes)", "threads": "\(dropped.threads)",
                "messages": "\(dropped.messages)", "events": "\(dropped.events)",
                "fileParts": "\(dropped.parts)", "bytes": "\(dropped.bytes)",
            ])
    }
}
