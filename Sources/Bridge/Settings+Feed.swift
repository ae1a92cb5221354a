import FoundationEssentials
import GenesysCloud
import Logging
import Outbox
import SQLiteOutbox

extension Settings {
    /// Follows conversations in the routes' queues, and wherever they are transferred to.
    func feed(
        _ client: GenesysClient, _ store: SQLiteOutbox, _ journal: MarkerJournal,
        _ environment: Environment, _ logger: Logger
    ) -> Feed {
        Feed(
            client: client, provider: genesys.provider,
            queues: routes.values.compactMap(\.queueID).sorted(), store: store, journal: journal,
            proxies: ProxyRules(ProcessInfo.processInfo.environment), environment: environment,
            logger: logger,
            bind: { binding throws(StoreError) in try await store.bind(to: binding) })
    }
}
