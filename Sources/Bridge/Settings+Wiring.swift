import CurlTransport
import GenesysCloud
import Listener
import Logging
import Outbox
import ShopCallback

// What the settings say, in the words of each part.

extension Settings {
    func client(
        _ transport: CurlTransport, _ budget: CallBudget, _ environment: Environment,
        _ logger: Logger
    ) -> GenesysClient {
        GenesysClient(
            endpoints: Endpoints(
                login: genesys.loginURL?.description ?? "", api: genesys.apiURL?.description ?? ""),
            clientID: genesys.clientID, clientSecret: genesys.clientSecret.text,
            transport: transport,
            pacer: Pacer(
                perMinute: Double(genesys.requestsPerMinute), environment: environment),
            budget: budget, environment: environment, logger: logger)
    }

    var retryPolicy: RetryPolicy {
        RetryPolicy(
            schedule: retry.schedule, lifetime: retry.lifetime,
            doubt: DoubtPolicy(lookAt: retry.lookAt, undecided: retry.inDoubt))
    }

    /// What a probe has measured of the organisation the store belongs to, beside the store.
    var findingsPath: String { store.path + ".findings.json" }

    func line(to destination: GenesysDestination) -> Line {
        Line(destination, routes: Array(routes.keys), policy: retryPolicy)
    }

    var targets: [RouteName: RouteTarget] { routes.mapValues(\.target) }

    var profiles: [ShopName: ShopProfile] {
        shops.mapValues { shop in
            ShopProfile(toName: shop.toName, personalFields: Set(shop.personalFields))
        }
    }

    func shopAccess() throws -> [ShopAccess] {
        try shops.sorted { $0.key.description < $1.key.description }.map { name, shop in
            ShopAccess(
                name: name, secrets: try shop.secrets.map { try WebhookSecret($0.text) },
                tokens: shop.tokens.accessTokens, routes: shop.routes.map { Outbox.Route($0) },
                threadRule: shop.threadKey, agentName: shop.agentNames.name)
        }
    }

    var opsTokens: [AccessToken] { ops.tokens.accessTokens }

    var intakeSettings: IntakeSettings {
        IntakeSettings(
            perMinute: intake.perMinute, allowUnsigned: intake.allowUnsigned,
            pressure: BackPressure(maxPending: intake.maxPending, minFree: store.minFree),
            connections: ConnectionLimits(maxBody: intake.maxBody))
    }
}

extension Settings.Shop {
    var agentNames: AgentNames {
        AgentNames(naming: agentName, aliases: agentAliases, team: toName)
    }
}

extension Settings.Route {
    fileprivate var target: RouteTarget {
        RouteTarget(
            queueID.map { .queue($0) } ?? .flow(flowID ?? ""), priority: priority,
            priorityPerMinute: priorityPerMinute, priorityCap: priorityCap, skillIDs: skillIDs,
            languageID: languageID, utilizationLabel: utilizationLabel)
    }
}

extension [String: Settings.Token] {
    fileprivate var accessTokens: [AccessToken] {
        sorted { $0.key < $1.key }.map { name, token in
            AccessToken(name: name, secret: token.secret.text, scope: token.scope ?? .read)
        }
    }
}

extension ListenAddress {
    var listener: Listener.ListenAddress { .init(host: host, port: port) }
}
