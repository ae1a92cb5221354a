import CurlTransport
import GenesysCloud
import Listener
import Logging
import Outbox

/// Asks Genesys whether the settings are right; changes nothing there.
struct LiveCheck {
    private let settings: Settings

    /// The client first: without it nothing else can be asked.
    static func run(_ settings: Settings) async -> [Finding] {
        await with(settings) { client in await LiveCheck(settings: settings).findings(client) }
    }

    /// Measures with a conversation of its own on this route how look-ups see it.
    ///
    /// - Parameter report: told of each step, in words for a person.
    static func probe(
        _ route: RouteName, _ settings: Settings, report: @escaping @Sendable (String) -> Void
    ) async throws -> Findings {
        guard let target = settings.targets[route] else {
            let known = settings.routes.keys.map(\.description).sorted().joined(separator: ", ")
            throw CheckError("there is no route \(route); there are: \(known)")
        }
        return try await with(settings) { client in
            try await Probe(
                client: client, provider: settings.genesys.provider, target: target,
                environment: .live, report: report
            ).run()
        }
    }

    private static func with<Result>(
        _ settings: Settings, _ body: (GenesysClient) async throws -> Result
    ) async rethrows -> Result {
        let transport = CurlTransport(userAgent: "genesys-bridge/\(Version.current)")
        // What there is to say is said by the check itself.
        let logger = Logger(label: "check", factory: { _ in SwiftLogNoOpLogHandler() })
        do {
            let result = try await body(settings.client(transport, .unlimited, .live, logger))
            await transport.shutdown()
            return result
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    private func findings(_ client: GenesysClient) async -> [Finding] {
        let subject = "OAuth client"
        do {
            let organization = try await client.organization()
            let name = organization.name ?? organization.id
            let first = Finding(subject: subject, text: "belongs to \(name)")
            return [first] + (await routes(client)) + (await tab(client))
        } catch {
            return [Finding(subject: subject, text: error.advice, outcome: error.outcome)]
        }
    }

    private func tab(_ client: GenesysClient) async -> [Finding] {
        guard let widget = settings.widgetClient,
            let redirect = settings.widgetSettings?.redirect
        else { return [] }
        let subject = "agents' OAuth client"
        switch await client.standing(of: widget, redirect: redirect) {
        case .known:
            return [
                Finding(
                    subject: subject,
                    text: "is known; its authorized redirect address has to be \(redirect)")
            ]
        case .refused(let reason):
            return [
                Finding(
                    subject: subject,
                    text: "the login host refuses it (\(reason)); check widget.clientID and "
                        + "widget.clientSecret, and that its grant is Code Authorization",
                    outcome: .wrong(.settings))
            ]
        case .unclear(let reason):
            return [
                Finding(
                    subject: subject, text: "\(reason); try again",
                    outcome: .untried(.unavailable))
            ]
        }
    }

    private func routes(_ client: GenesysClient) async -> [Finding] {
        var findings: [Finding] = []
        for (name, route) in settings.routes.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            let subject = "route \(name)"
            guard let id = route.queueID else {
                let text = "flow \(route.flowID ?? "") cannot be read with the bridge's own role"
                findings.append(Finding(subject: subject, text: text, outcome: .untried(nil)))
                continue
            }
            do {
                let queue = try await client.queueName(id)
                findings.append(Finding(subject: subject, text: "queue \(queue)"))
            } catch {
                findings.append(
                    Finding(
                        subject: subject, text: error.description, outcome: .wrong(.settings)))
            }
        }
        return findings
    }
}

extension CallError {
    /// What is wrong, and what to do about it.
    fileprivate var advice: String {
        switch self {
        case .unauthorized, .forbidden, .spent: reason
        case .unreachable:
            "\(reason); check genesys.region, the name server, the proxy and the firewall"
        case .unknown, .paused: "\(reason); try again"
        }
    }

    fileprivate var outcome: Finding.Outcome {
        switch self {
        case .unauthorized, .forbidden: .wrong(.settings)
        case .unreachable, .unknown, .spent, .paused: .untried(.unavailable)
        }
    }
}
