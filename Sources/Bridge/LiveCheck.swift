import CurlTransport
import GenesysCloud
import Outbox

/// Tries what the settings say against the organisation itself; changes nothing there.
struct LiveCheck {
    /// One thing that was tried.
    struct Finding: Equatable {
        var what: String
        /// `nil` if it is well, else what is wrong and what to do.
        var problem: String?
    }

    let settings: Settings

    /// The credentials first: without them nothing else can be tried.
    func run() async -> [Finding] {
        let transport = CurlTransport(userAgent: "genesys-bridge/\(Version.current)")
        let findings = await findings(settings.client(transport, .live))
        await transport.shutdown()
        return findings
    }

    private func findings(_ client: GenesysClient) async -> [Finding] {
        let credentials = "credentials of \(settings.genesys.clientID)"
        do {
            let organization = try await client.organization()
            let name = organization.name ?? organization.id
            let first = Finding(what: "\(credentials), organisation \(name)", problem: nil)
            return [first] + (await routes(client))
        } catch {
            return [Finding(what: credentials, problem: error.advice)]
        }
    }

    private func routes(_ client: GenesysClient) async -> [Finding] {
        var findings: [Finding] = []
        for (name, route) in settings.routes.sorted(by: { $0.key.description < $1.key.description })
        {
            guard let id = route.queueID else { continue }
            do {
                let queue = try await client.queueName(id)
                findings.append(Finding(what: "route \(name), queue \(queue)", problem: nil))
            } catch {
                findings.append(Finding(what: "route \(name)", problem: error.description))
            }
        }
        return findings
    }
}

extension CallError {
    /// What is wrong, and what to do about it.
    fileprivate var advice: String {
        switch self {
        case .unauthorized(let reason): reason
        case .unreachable(let reason):
            "\(reason); check genesys.region, the name server, the proxy and the firewall"
        case .unknown(let reason): "\(reason); try again"
        }
    }
}
