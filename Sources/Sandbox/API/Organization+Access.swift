/// Who may see what: clients of the organization all of it, agents what they have, and what their roles
/// let them see in their division.
extension Organization {
    static let viewPermission = "conversation:communication:view"

    /// The agent who calls; `nil` if a client calls for itself.
    func agent(_ token: Token) -> Sandbox.Agent? {
        settings.agents.first { $0.id == token.agent }
    }

    /// Whether the caller's roles grant a permission that they have in that division.
    func covers(_ division: String, _ token: Token, for permission: String) -> Bool {
        guard token.agent != nil, let agent = agent(token) else { return token.agent == nil }
        return agent.division == division || agent.everywhere.contains(permission)
    }

    /// The conversation, if the caller has or had it, or may see those of others in its division.
    func readable(_ id: String, _ token: Token) throws(APIError) -> ConversationRecord {
        let record = try conversation(id)
        guard token.agent != nil, !record.isOf(token) else { return record }
        guard permissions(of: token).contains(Self.viewPermission),
            covers(record.division, token, for: Self.viewPermission)
        else { throw .notAuthorized }
        return record
    }

    /// The same as the general operation has it, which says what is missing.
    func viewable(_ id: String, _ token: Token) throws(APIError) -> ConversationRecord {
        let isPermitted = permissions(of: token).contains(Self.viewPermission)
        guard isPermitted || token.agent != nil else {
            throw .missingPermissions([Self.viewPermission])
        }
        let record = try conversation(id)
        guard !record.isOf(token) else { return record }
        guard isPermitted else { throw .missingPermissions([Self.viewPermission]) }
        guard covers(record.division, token, for: Self.viewPermission) else {
            throw .missingDivision(of: Self.viewPermission)
        }
        return record
    }

    /// The queue, if the caller's roles hold in its division.
    func queue(_ id: String, _ token: Token) throws(APIError) -> Sandbox.Queue {
        guard let queue = settings.queues.first(where: { $0.id == id }) else {
            throw APIError(
                status: 404, code: "resource.not.found",
                message: "The resource could not be found.")
        }
        let permission = "routing:queue:view"
        guard covers(queue.division, token, for: permission) else {
            throw .missingDivision(of: permission)
        }
        return queue
    }
}

extension ConversationRecord {
    /// That of its queue.
    var division: String {
        queue?.division ?? Sandbox.Settings.homeDivision
    }

    /// Whether the agent who calls has or had it.
    func isOf(_ token: Token) -> Bool {
        participants.contains { $0.agent != nil && $0.agent == token.agent }
    }
}

extension APIError {
    static let notAuthorized = APIError(
        status: 403, code: "not.authorized",
        message: "You are not authorized to perform the requested action.")

    static func missingDivision(of permission: String) -> APIError {
        APIError(
            status: 403, code: "missing.division.permission",
            message: """
                Unable to perform the requested action. You are missing the following \
                permission(s) in the division: \(permission)
                """)
    }
}

extension Reference {
    static func division(_ id: String, _ name: String? = nil) -> Reference {
        Reference(id: id, name: name, selfUri: "/api/v2/authorization/divisions/\(id)")
    }
}
