import HTTPTypes

extension Operation {
    private static let createPermission = "conversation:email:create"

    /// `/conversations/emails` stands before `/conversations/{}`, which would take it for an id.
    static let conversations = [
        Operation(.post, "/api/v2/conversations/emails", permissions: [createPermission]) {
            organization, admitted throws(APIError) in
            let request = try CreateEmailRequest.read(
                admitted.call, for: organization.settings)
            guard request.direction == .outbound else {
                return .json(EmailConversation(organization.create(request)))
            }
            guard let agent = organization.agent(admitted.token) else { throw .noUser }
            if let queue = organization.settings.queues.first(where: { $0.id == request.queueId }),
                !organization.covers(queue.division, admitted.token, for: createPermission)
            {
                throw .missingDivision(of: createPermission)
            }
            return .json(EmailConversation(organization.create(request, by: agent)))
        },
        Operation(.get, "/api/v2/conversations/emails") {
            organization, admitted throws(APIError) in
            guard let agent = organization.agent(admitted.token) else { throw .noUser }
            let own = organization.conversations.all.filter { $0.isActive(for: agent) }
            return .json(try Page(of: own.map { EmailConversation($0) }, admitted))
        },
        Operation(.get, "/api/v2/conversations/emails/{}") {
            organization, admitted throws(APIError) in
            .json(
                EmailConversation(
                    try organization.readable(admitted.parameters[0], admitted.token)))
        },
        Operation(.get, "/api/v2/conversations/{}") {
            organization, admitted throws(APIError) in
            .json(
                GeneralConversation(
                    try organization.viewable(admitted.parameters[0], admitted.token)))
        },
    ]
}

extension ConversationRecord {
    /// Whether that agent still has something to do about it.
    func isActive(for agent: Sandbox.Agent) -> Bool {
        participants.contains { side in
            side.agent == agent.id
                && (!side.isOver || side.connected != nil && side.afterWork.isPending)
        }
    }
}
