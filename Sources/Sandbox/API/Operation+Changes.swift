import Foundation
import HTTPTypes

extension Operation {
    /// What becomes of a conversation after its creation.
    static let changes = [
        Operation(
            .put, "/api/v2/conversations/{}/tags", permissions: ["conversation:externalTag:edit"]
        ) { organization, admitted throws(APIError) in
            let tags = try admitted.call.body(as: ConversationTags.self)
            try organization.change(admitted.parameters[0]) { record throws(APIError) in
                record.externalTag = tags.externalTag
            }
            return .accepted
        },
        Operation(
            .patch, "/api/v2/conversations/emails/{}",
            permissions: ["conversation:communication:disconnect"]
        ) { organization, admitted throws(APIError) in
            let update = try? admitted.call.body(as: ConversationUpdate.self)
            guard update?.state == "disconnected" else {
                throw .badRequest("An empty list of conversations is invalid.")
            }
            let record = try organization.disconnect(admitted, .client)
            return .json(GeneralConversation(record))
        },
        Operation(
            .post, "/api/v2/conversations/{}/disconnect",
            permissions: ["conversation:communication:disconnect"]
        ) { organization, admitted throws(APIError) in
            _ = try organization.disconnect(admitted, .system)
            return .accepted
        },
        Operation(.patch, "/api/v2/conversations/{}/participants/{}/attributes") {
            organization, admitted throws(APIError) in
            _ = try organization.updateAttributes(admitted)
            return .accepted
        },
        Operation(.patch, "/api/v2/conversations/emails/{}/participants/{}/attributes") {
            organization, admitted throws(APIError) in
            .json(try organization.updateAttributes(admitted), status: .accepted)
        },
        Operation(.post, "/api/v2/conversations/emails/{}/inboundmessages") {
            organization, admitted throws(APIError) in
            let message = try InboundMessageRequest.read(
                admitted.call, for: organization.settings)
            let now = organization.options.now()
            let settings = organization.settings
            let record = try organization.change(admitted.parameters[0]) {
                record throws(APIError) in
                guard record.ended == nil || settings.endedTakesFollowUps else {
                    throw .noConversation
                }
                record.append(
                    message.attributes, replacing: settings.replacesAttributes, at: now)
            }
            return .json(EmailConversation(record))
        },
    ]
}

extension Organization {
    fileprivate func disconnect(
        _ admitted: AdmittedCall, _ type: Sandbox.DisconnectType
    ) throws(APIError) -> ConversationRecord {
        let now = options.now()
        return try change(admitted.parameters[0]) { record throws(APIError) in
            // Who ends it for all ends the customer's side as well.
            try record.checkCaller(admitted.token, changes: 0)
            record.end(type, at: now)
        }
    }

    fileprivate func updateAttributes(
        _ admitted: AdmittedCall
    ) throws(APIError) -> ParticipantAttributes {
        let body = try admitted.call.body(as: ParticipantAttributes.self)
        let settings = settings
        try change(admitted.parameters[0]) { record throws(APIError) in
            let index = try record.participantIndex(admitted.parameters[1])
            record.update(body.attributes, of: index, replacing: settings.replacesAttributes)
            if settings.refusesOversized {
                try EmailSize.check(attributes: record.participants[index].attributes ?? [:])
            }
        }
        return body
    }
}

private struct ConversationTags: Decodable {
    let externalTag: String

    enum CodingKeys: String, CodingKey {
        case externalTag
    }

    init(from decoder: any Decoder) throws {
        externalTag = try decoder.closedObject(CodingKeys.self)
            .decode(String.self, forKey: .externalTag)
    }
}

private struct ConversationUpdate: Decodable {
    let state: String

    enum CodingKeys: String, CodingKey {
        case state
    }

    init(from decoder: any Decoder) throws {
        state = try decoder.closedObject(CodingKeys.self).decode(String.self, forKey: .state)
    }
}

private struct ParticipantAttributes: Codable {
    let attributes: [String: String]

    enum CodingKeys: String, CodingKey {
        case attributes
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        guard
            let attributes = try object.decodeIfPresent(
                [String: String].self, forKey: .attributes)
        else {
            throw APIError.badRequest(
                "Cannot update participant attribute map to a null value.",
                code: "conversation.error.participant.attribute.null")
        }
        self.attributes = attributes
    }
}
