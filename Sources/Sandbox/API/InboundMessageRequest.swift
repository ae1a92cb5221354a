/// The body of `POST /api/v2/conversations/emails/{id}/inboundmessages`.
struct InboundMessageRequest: EmailRoute, Sendable {
    let provider: String
    let queueId: String?
    let flowId: String?
    let attributes: [String: String]
    let toAddress: String?
    let toName: String?
    let fromAddress: String?
    let fromName: String?
    let subject: String?
}

extension InboundMessageRequest: Decodable {
    enum CodingKeys: String, CodingKey {
        case provider, queueId, flowId, skillIds, languageId, priority, attributes
        case toAddress, toName, fromAddress, fromName, subject
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        func string(_ member: CodingKeys) throws -> String? {
            try object.decodeIfPresent(String.self, forKey: member)
        }
        guard let provider = try string(.provider), !provider.isEmpty else {
            throw APIError.missingProvider
        }
        self.provider = provider
        queueId = try string(.queueId)
        flowId = try string(.flowId)
        attributes =
            try object.decodeIfPresent([String: String].self, forKey: .attributes) ?? [:]
        toAddress = try string(.toAddress)
        toName = try string(.toName)
        fromAddress = try string(.fromAddress)
        fromName = try string(.fromName)
        subject = try string(.subject)
        // Checked, but kept nowhere: a message joins a conversation that is routed already.
        _ = try object.decodeIfPresent([String].self, forKey: .skillIds)
        _ = try string(.languageId)
        _ = try object.decodeIfPresent(Int.self, forKey: .priority)
    }
}

extension InboundMessageRequest {
    static func read(
        _ call: Call, for settings: Sandbox.Settings
    ) throws(APIError) -> InboundMessageRequest {
        let request = try call.body(
            as: Self.self, passingUnknownMembers: !settings.refusesUnknownMembers)
        guard request.queueId == nil || request.flowId == nil else {
            throw .badRequest(
                "Only one of queueId or flowId may be provided",
                code: "too.many.external.email.parameters")
        }
        try request.checkNames(in: settings)
        if settings.refusesOversized {
            try request.checkSizes()
        }
        return request
    }
}
