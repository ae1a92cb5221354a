import CurlTransport
import Listener
import Logging
import Outbox
import ShopCallback

extension Settings {
    var aftercare: Aftercare {
        Aftercare(
            callbacks: shops.filter { $0.value.callbackURL != nil }.mapValues { Set($0.events) },
            recreateAfter: conversation.recreateAfter,
            seesToUnanswered: conversation.unanswered == .watch)
    }

    /// One for each shop with a callback.
    func callbackLines(
        _ transport: CurlTransport, _ links: FileLinks?, _ environment: Environment,
        _ logger: Logger
    ) -> [Line] {
        shops.sorted { $0.key.description < $1.key.description }.compactMap { name, shop in
            guard let profile = callbackProfile(shop) else { return nil }
            let destination = ShopDestination(
                name, profile, transport: transport, link: { links?.address(of: $0) ?? $0.url },
                environment: environment, logger: logger)
            return Line(
                destination, routes: [Outbox.Route.callback(of: name).name],
                policy: .callback(schedule: callback.schedule, lifetime: callback.lifetime),
                concurrency: 8, probing: .callback, agesWhileFailing: true)
        }
    }

    /// - Returns: `nil` for a shop without a callback.
    func callbackProfile(_ shop: Shop) -> CallbackProfile? {
        guard let url = shop.callbackURL else { return nil }
        return CallbackProfile(
            address: CallbackAddress(
                url: url.description, host: url.origin.host,
                privateNetworks: callback.privateNetworks),
            secrets: shop.callbackSecrets.compactMap { SigningSecret($0.text) },
            agentName: shop.agentName, agentAliases: shop.agentAliases, toName: shop.toName)
    }
}
