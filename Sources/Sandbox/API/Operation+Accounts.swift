import Foundation
import HTTPTypes

extension Operation {
    /// Who calls, and what the organization has.
    static let accounts = [
        Operation(.get, "/api/v2/tokens/me") { organization, admitted throws(APIError) in
            .json(TokenInfo(admitted.token, organization: organization.settings.organization))
        },
        Operation(.get, "/api/v2/users/me") { organization, admitted throws(APIError) in
            let id = admitted.token.agent
            guard let agent = organization.settings.agents.first(where: { $0.id == id }) else {
                throw .noUser
            }
            let expanded = admitted.call.query("expand")?.split(separator: ",") ?? []
            return .json(
                UserMe(
                    agent,
                    organization: expanded.contains("organization")
                        ? OrganizationInfo(organization.settings.organization) : nil))
        },
        Operation(.get, "/api/v2/organizations/me") { organization, _ throws(APIError) in
            .json(OrganizationInfo(organization.settings.organization))
        },
        Operation(
            .get, "/api/v2/routing/queues/{}", permissions: ["routing:queue:view"]
        ) { organization, admitted throws(APIError) in
            let queue = try organization.queue(admitted.parameters[0])
            return .json(
                Reference(
                    id: queue.id, name: queue.name, selfUri: "/api/v2/routing/queues/\(queue.id)"))
        },
    ]
}

extension Organization {
    func queue(_ id: String) throws(APIError) -> Sandbox.Named {
        guard let queue = settings.queues.first(where: { $0.id == id }) else {
            throw APIError(
                status: 404, code: "resource.not.found",
                message: "The resource could not be found.")
        }
        return queue
    }
}

extension APIError {
    fileprivate static let noUser = badRequest(
        """
        This request requires a user context. Client credentials cannot be used for requests to \
        this resource.
        """,
        code: "not.a.user")
}

private struct UserMe: Encodable {
    let id: String
    let name: String
    let state = "active"
    let version = 1
    let organization: OrganizationInfo?
    let selfUri: String

    init(_ agent: Sandbox.Agent, organization: OrganizationInfo?) {
        id = agent.id
        name = agent.name
        self.organization = organization
        selfUri = "/api/v2/users/\(agent.id)"
    }
}

private struct TokenInfo: Encodable {
    struct Client: Encodable {
        let id: String
        let name: String
        let authorizedGrantType: String
        let scope: [String]
        let organization: Reference
    }

    let organization: Reference
    let homeOrganization: Reference
    let authorizedScope: [String]
    let dateTokenIdles: String
    let client: Client

    enum CodingKeys: String, CodingKey {
        case organization, homeOrganization, authorizedScope, dateTokenIdles
        case client = "OAuthClient"
    }

    init(_ token: Token, organization named: Sandbox.Named) {
        organization = Reference(id: named.id, name: named.name)
        homeOrganization = organization
        authorizedScope = []
        dateTokenIdles = token.expires.apiText
        client = Client(
            id: token.client, name: token.client,
            authorizedGrantType: token.agent == nil ? "CLIENT-CREDENTIALS" : "CODE",
            scope: [], organization: organization)
    }
}

private struct OrganizationInfo: Encodable {
    let id: String
    let name: String
    let version = 1
    let state = "active"
    let defaultLanguage = "en-us"
    let selfUri: String

    init(_ named: Sandbox.Named) {
        id = named.id
        name = named.name
        selfUri = "/api/v2/organizations/\(named.id)"
    }
}
