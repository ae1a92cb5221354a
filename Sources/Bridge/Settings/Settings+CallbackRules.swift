import CurlTransport
import Outbox

extension Settings {
    /// What does not fit together in the callbacks of the shops.
    func brokenCallbacks() -> [String] {
        shops.sorted { $0.key.description < $1.key.description }.flatMap { name, shop in
            let path = ["shops", name.description]
            let (url, secrets) = (
                shown(path + ["callbackURL"]), shown(path + ["callbackSecrets"])
            )
            guard let address = shop.callbackURL else {
                return shop.callbackSecrets.isEmpty
                    ? [] : ["\(secrets) is set, but there is no \(url) to post to: set it as well."]
            }
            var broken: [String] = []
            if shop.callbackSecrets.isEmpty {
                broken.append(
                    "\(secrets) is missing: what goes to \(url) is signed. Give it as the "
                        + "credential \(secrets) or in the file.")
            }
            if !address.origin.isEncrypted, !isNear(address.origin) {
                broken.append(
                    "\(url) is not https: without it answers can be read on their way. Only this "
                        + "machine or an address in callback.privateNetworks does without.")
            }
            if !shop.events.contains(.agentReply) {
                broken.append(
                    "\(shown(path + ["events"])) leaves out agent.reply, but answers always go to "
                        + "\(url): add it.")
            }
            return broken
        }
    }

    /// Whether it is this machine, or an address of a network that the settings name.
    private func isNear(_ origin: Origin) -> Bool {
        guard let address = IPAddress(origin.host) else { return origin.isLoopback }
        return origin.isLoopback || callback.privateNetworks.contains { $0.contains(address) }
    }
}
