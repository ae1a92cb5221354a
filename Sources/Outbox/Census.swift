public import Logging
public import ServiceLifecycle
import Synchronization

/// Counts the customers who wait, and those of them whom nobody has.
///
/// It goes through them in pages, once a minute, with nine times as long a rest after a page as it took. What it
/// finds forgotten is a defect or a choice: there is a rule for everyone (`Aftercare`).
public final class Census: Service {
    public struct Count: Sendable, Equatable {
        public var waiting: Int
        public var forgotten: Int
        /// When the count was finished.
        public var at: Timestamp

        public init(waiting: Int, forgotten: Int, at: Timestamp) {
            self.waiting = waiting
            self.forgotten = forgotten
            self.at = at
        }
    }

    static let interval = Duration.seconds(60)
    private static let page = 200

    private let store: any ThreadStore
    private let environment: Environment
    private let logger: Logger
    private let count = Mutex<Count?>(nil)

    public init(store: any ThreadStore, environment: Environment, logger: Logger) {
        self.store = store
        self.environment = environment
        self.logger = logger
    }

    /// `nil` until the first count is finished.
    public var last: Count? { count.withLock { $0 } }

    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                let begun = self.environment.uptime()
                try await self.countAll()
                try await self.environment.sleep(until: begun + Self.interval)
            }
        }
    }

    private func countAll() async throws {
        var waiting = 0
        var forgotten: [ThreadName] = []
        var place: CensusPlace? = .start
        while let current = place {
            let begun = environment.uptime()
            do throws(StoreError) {
                let page = try await store.census(after: current, limit: Self.page)
                waiting += page.waiting
                forgotten += page.forgotten
                place = page.next
            } catch {
                logger.error("counting who waits failed", metadata: ["error": "\(error)"])
                return
            }
            let end = environment.uptime()
            try await environment.sleep(until: end + (end - begun) * 9)
        }
        let found = Count(waiting: waiting, forgotten: forgotten.count, at: environment.now())
        count.withLock { $0 = found }
        guard let first = forgotten.first else { return }
        logger.error(
            "customers wait whom nobody has",
            metadata: [
                "count": "\(forgotten.count)", "shop": "\(first.shop)",
                "next": "look at the thread, and have it created again",
            ])
    }
}
