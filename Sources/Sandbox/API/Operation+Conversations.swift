import HTTPTypes

extension Operation {
    /// `/conversations/emails` stands before `/conversations/{}`, which would take it for an id.
    static let conversations = [
        Operation(
            .post, "/api/v2/conversations/emails", permissions: ["conversation:email:create"]
        ) { organization, admitted throws(APIError) in
            guard admitted.call.hasContentType("application/json") else {
                throw .unsupportedMediaType
            }
            let request = try CreateEmailRequest.read(
                admitted.call.body, for: organization.settings)
            return .json(EmailConversation(organization.create(request)))
        },
        Operation(.get, "/api/v2/conversations/emails/{}") {
            organization, admitted throws(APIError) in
            .json(EmailConversation(try organization.conversation(admitted.parameters[0])))
        },
        Operation(
            .get, "/api/v2/conversations/{}", permissions: ["conversation:communication:view"]
        ) { organization, admitted throws(APIError) in
            .json(GeneralConversation(try organization.conversation(admitted.parameters[0])))
        },
    ]
}

extension Organization {
    fileprivate func conversation(_ id: String) throws(APIError) -> ConversationRecord {
        guard let record = conversations[id] else {
            throw APIError(
                status: 404, code: "conversation.error.conversation.not.found",
                message: "The conversation does not exist.")
        }
        return record
    }
}
