import Listener
import Outbox

extension Settings {
    /// What is missing or does not fit together, once every value by itself is right.
    func broken() -> [SettingProblem] {
        let broken =
            brokenGenesys() + brokenLooks() + brokenRoutes() + brokenShops() + brokenCallbacks()
            + brokenTokens() + brokenRetention() + brokenFaces() + brokenWidget()
        return broken.map { SettingProblem(origin: nil, message: $0) }
    }

    private func brokenGenesys() -> [String] {
        var broken: [String] = []
        if genesys.loginURL == nil || genesys.apiURL == nil {
            broken.append(
                "genesys.region is missing: set your region's domain, such as mypurecloud.de.")
        }
        if genesys.clientID.isEmpty {
            broken.append(
                "genesys.clientID is missing: set the id of an OAuth client with the grant "
                    + "client credentials.")
        }
        if genesys.clientSecret.text.isEmpty {
            broken.append(
                "genesys.clientSecret is missing: give it as the credential genesys.clientSecret, "
                    + "as BRIDGE_GENESYS_CLIENT_SECRET or in the file.")
        }
        if store.path.isEmpty {
            broken.append(
                "store.path is missing: name the file that messages are kept in, such as "
                    + "/var/lib/genesys-bridge/outbox.sqlite.")
        }
        return broken
    }

    private func brokenLooks() -> [String] {
        let isAscending = zip(retry.lookAt, retry.lookAt.dropFirst()).allSatisfy { $0 < $1 }
        guard !isAscending else { return [] }
        return [
            "retry.lookAt has to ascend: its times are counted from the beginning of the doubt."
        ]
    }

    private func brokenRetention() -> [String] {
        guard retention.threads < retention.history else { return [] }
        return [
            "retention.threads is shorter than retention.history: a thread that is gone has no "
                + "history. Raise the one or lower the other."
        ]
    }

    private func brokenRoutes() -> [String] {
        if routes.isEmpty {
            return ["genesys.queueID is missing: set it, or genesys.flowID, to where messages go."]
        }
        return routes.sorted { $0.key.description < $1.key.description }.compactMap { name, route in
            guard (route.queueID == nil) == (route.flowID == nil) else { return nil }
            let key = ["routes", name.description, "queueID"]
            let (queue, flow) = (shown(key), shown(key.dropLast() + ["flowID"]))
            return route.queueID == nil
                ? "\(queue) is missing: set it, or \(flow)."
                : "\(queue) and \(flow) are both set: a conversation goes to one of them."
        }
    }

    private func brokenShops() -> [String] {
        shops.sorted { $0.key.description < $1.key.description }.flatMap { name, shop in
            let path = ["shops", name.description]
            var broken: [String] = []
            if shop.secrets.isEmpty, !shop.tokens.values.contains(where: { $0.scope == .write }),
                !(intake.allowUnsigned && listen.public.isLoopback)
            {
                broken.append(
                    "\(shown(path + ["secrets"])) is missing, and no token of this shop may write: "
                        + "without either anybody could post. To try things out on this machine "
                        + "only, set intake.allowUnsigned: true.")
            }
            let unknown = shop.routes.filter { routes[$0] == nil }
            if let route = unknown.first {
                broken.append(
                    "\(shown(path + ["routes"])) names \(route), which is not one of the routes: "
                        + "\(routes.keys.map(\.description).sorted().joined(separator: ", ")).")
            }
            if shop.routes.isEmpty, routes.count > 1 {
                broken.append(
                    "\(shown(path + ["routes"])) is missing: with several routes a shop says which "
                        + "it may use, the usual one first.")
            }
            return broken
        }
    }

    /// A credential names one shop or one operator, so none may be given twice.
    private func brokenTokens() -> [String] {
        var broken: [String] = []
        var tokens = ops.tokens.map { (["ops", "tokens", $0.key], $0.value) }
        var secrets: [(path: [String], secret: Secret)] = []
        for (name, shop) in shops {
            let path = ["shops", name.description]
            tokens += shop.tokens.map { (path + ["tokens", $0.key], $0.value) }
            secrets += Set(shop.secrets).map { (path + ["secrets"], $0) }
            secrets += Set(shop.callbackSecrets).map { (path + ["callbackSecrets"], $0) }
        }
        for (path, token) in tokens.sorted(by: { $0.0.lexicographicallyPrecedes($1.0) }) {
            if token.scope == nil {
                broken.append("\(shown(path + ["scope"])) is missing: read or write.")
            }
            if token.secret.text.isEmpty {
                let key = shown(path + ["secret"])
                broken.append(
                    "\(key) is missing: give it as the credential \(key) or in the file.")
            } else {
                secrets.append((path + ["secret"], token.secret))
            }
        }
        let byKey = Dictionary(grouping: secrets) { _, secret in
            WebhookSecret.bytes(of: secret.text) ?? Array(secret.text.utf8)
        }
        for same in byKey.values where same.count > 1 {
            let keys = same.map { shown($0.path) }.sorted()
            broken.append(
                "\(keys.joined(separator: " and ")) have the same secret: each needs its own.")
        }
        return broken
    }

    private func brokenFaces() -> [String] {
        var broken: [String] = []
        if intake.allowUnsigned, !listen.public.isLoopback {
            broken.append(
                "intake.allowUnsigned is true, but listen.public is \(listen.public): anybody "
                    + "could post. Listen on 127.0.0.1 or give the shop a secret.")
        }
        if ops.tokens.isEmpty, !listen.ops.isLoopback {
            broken.append(
                "ops.tokens is missing, but listen.ops is \(listen.ops): anybody could read and "
                    + "act. Listen on 127.0.0.1 or set a token.")
        }
        if listen.public == listen.ops, listen.ops.port != 0 {
            broken.append("listen.public and listen.ops are the same address: choose two.")
        }
        return broken
    }

    func shown(_ path: [String]) -> String {
        SettingPath.short(path).joined(separator: ".")
    }
}
