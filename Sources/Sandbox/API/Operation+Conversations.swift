import HTTPTypes

extension Operation {
    /// `/conversations/emails` stands before `/conversations/{}`, which would take it for an id.
    static let conversations = [
        Operation(
            .post, "/api/v2/conversations/emails", permissions: ["conversation:email:create"]
        ) { organization, admitted throws(APIError) in
            let request = try CreateEmailRequest.read(
                admitted.call, for: organization.settings)
            return .json(EmailConversation(organization.create(request)))
        },
        Operation(.get, "/api/v2/conversations/emails/{}") {
            organization, admitted throws(APIError) in
            let record = try organization.conversation(admitted.parameters[0])
            try record.checkCaller(reads: admitted.token)
            return .json(EmailConversation(record))
        },
        Operation(
            .get, "/api/v2/conversations/{}", permissions: ["conversation:communication:view"]
        ) { organization, admitted throws(APIError) in
            .json(GeneralConversation(try organization.conversation(admitted.parameters[0])))
        },
    ]
}
