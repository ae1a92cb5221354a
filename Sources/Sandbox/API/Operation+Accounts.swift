import Foundation
import HTTPTypes

extension Operation {
    /// Who calls, and what the organization has.
    static let accounts = [
        Operation(.get, "/api/v2/tokens/me") { organization, admitted throws(APIError) in
            .json(TokenInfo(admitted.token, organization: organization.settings.organization))
        },
        Operation(.delete, "/api/v2/tokens/me") { organization, admitted throws(APIError) in
            organization.revoke(admitted.token)
            return .done
        },
        Operation(.get, "/api/v2/users/me") { organization, admitted throws(APIError) in
            guard let agent = organization.agent(admitted.token) else { throw .noUser }
            let expanded = admitted.call.query("expand")?.split(separator: ",") ?? []
            return .json(
                UserMe(
                    agent,
                    division: organization.settings.divisions.first { $0.id == agent.division },
                    organization: expanded.contains("organization")
                        ? OrganizationInfo(organization.settings.organization) : nil,
                    authorization: expanded.contains("authorization")
                        ? UserMe.Authorization(permissions: agent.permissions) : nil))
        },
        Operation(
            .get, "/api/v2/authorization/divisionspermitted/paged/me"
        ) { organization, admitted throws(APIError) in
            guard let permission = admitted.call.query("permission"), !permission.isEmpty else {
                throw .badRequest("permission: missing.", field: "permission")
            }
            let divisions = organization.divisions(permitting: permission, to: admitted.token)
            return .json(
                DivisionsPermitted(
                    try Page(of: divisions, admitted),
                    all: divisions.count == organization.settings.divisions.count))
        },
        Operation(.get, "/api/v2/organizations/me") { organization, _ throws(APIError) in
            .json(OrganizationInfo(organization.settings.organization))
        },
        Operation(
            .get, "/api/v2/routing/queues/{}", permissions: ["routing:queue:view"]
        ) { organization, admitted throws(APIError) in
            let queue = try organization.queue(admitted.parameters[0], admitted.token)
            return .json(QueueInfo(queue, expandsRoute: organization.settings.expandsOutboundRoute))
        },
        Operation(
            .get, "/api/v2/routing/email/domains/{}/routes/{}",
            permissions: ["routing:email:manage"]
        ) { organization, admitted throws(APIError) in
            let routes = organization.settings.queues.compactMap(OutboundRoute.init)
            guard
                let route = routes.first(where: {
                    [$0.domain, $0.id] == admitted.parameters
                })
            else { throw .notFound }
            return .json(route)
        },
    ]
}

extension Organization {
    fileprivate func divisions(permitting permission: String, to token: Token) -> [Reference] {
        guard permissions(of: token).contains(permission) else { return [] }
        return settings.divisions.filter { covers($0.id, token, for: permission) }
            .map { .division($0.id, $0.name) }
    }

    /// Takes a token back.
    fileprivate func revoke(_ token: Token) {
        tokens = tokens.filter { $0.value.name != token.name }
    }
}

extension APIError {
    static let noUser = badRequest(
        """
        This request requires a user context. Client credentials cannot be used for requests to \
        this resource.
        """,
        code: "not.a.user")
}

/// A `DivsPermittedEntityListing`: a page with a member of its own.
private struct DivisionsPermitted: Encodable {
    let page: Page<Reference>
    let all: Bool

    init(_ page: Page<Reference>, all: Bool) {
        self.page = page
        self.all = all
    }

    func encode(to encoder: any Encoder) throws {
        try page.encode(to: encoder)
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(all, forKey: .all)
    }

    private enum CodingKeys: String, CodingKey {
        case all = "allDivsPermitted"
    }
}

private struct UserMe: Encodable {
    let id: String
    let name: String
    let division: Reference
    let state = "active"
    let version = 1
    let organization: OrganizationInfo?
    let authorization: Authorization?
    let selfUri: String

    /// A `UserAuthorization`; the sandbox has no roles, only what they grant.
    struct Authorization: Encodable {
        let roles: [String] = []
        let unusedRoles: [String] = []
        let permissions: [String]
        let permissionPolicies: [String] = []
    }

    init(
        _ agent: Sandbox.Agent, division: Sandbox.Named?, organization: OrganizationInfo?,
        authorization: Authorization?
    ) {
        id = agent.id
        name = agent.name
        self.division = .division(agent.division, division?.name)
        self.organization = organization
        self.authorization = authorization
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
