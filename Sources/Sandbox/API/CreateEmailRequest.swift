import Foundation

/// The body of `POST /api/v2/conversations/emails`.
struct CreateEmailRequest: EmailRoute, Sendable, Equatable {
    enum Direction: String {
        case inbound = "INBOUND"
        case outbound = "OUTBOUND"

        /// The same as answers write it.
        var name: String {
            rawValue.lowercased()
        }
    }

    let provider: String
    let queueId: String?
    let flowId: String?
    let skillIds: [String]?
    let skillExpression: String?
    let languageId: String?
    let priority: Int?
    let attributes: [String: String]
    let toAddress: String?
    let toName: String?
    let fromAddress: String?
    let fromName: String?
    let subject: String?
    let direction: Direction
    let externalContactId: String?
    let utilizationLabel: String?
}

extension CreateEmailRequest: Decodable {
    enum CodingKeys: String, CodingKey {
        case provider, queueId, flowId, skillIds, skillExpression, languageId, priority, attributes
        case toAddress, toName, fromAddress, fromName, subject, direction, htmlBody, textBody
        case externalContactId, utilizationLabel
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
        skillIds = try object.decodeIfPresent([String].self, forKey: .skillIds)
        skillExpression = try string(.skillExpression)
        languageId = try string(.languageId)
        priority = try object.decodeIfPresent(Int.self, forKey: .priority)
        attributes =
            try object.decodeIfPresent([String: String].self, forKey: .attributes) ?? [:]
        toAddress = try string(.toAddress)
        toName = try string(.toName)
        fromAddress = try string(.fromAddress)
        fromName = try string(.fromName)
        subject = try string(.subject)
        direction = try string(.direction).map(Self.direction) ?? .inbound
        externalContactId = try string(.externalContactId)
        utilizationLabel = try string(.utilizationLabel)
        // Checked, but kept nowhere: an external conversation has no text.
        _ = try string(.htmlBody)
        _ = try string(.textBody)
    }

    private static func direction(_ value: String) throws -> Direction {
        guard let direction = Direction(rawValue: value) else {
            throw APIError.invalidValue(value, of: "direction", allowed: "OUTBOUND, INBOUND")
        }
        return direction
    }
}

extension CreateEmailRequest {
    /// Reads the body as strictly as the settings say, and checks it against what the organization has.
    static func read(
        _ call: Call, for settings: Sandbox.Settings
    ) throws(APIError) -> CreateEmailRequest {
        let request = try call.body(
            as: Self.self, passingUnknownMembers: !settings.refusesUnknownMembers)
        try request.checkTarget(in: settings)
        if settings.refusesOversized {
            try request.checkSizes()
        }
        return request
    }

    private func checkTarget(in settings: Sandbox.Settings) throws(APIError) {
        if direction == .outbound {
            guard queueId != nil else {
                throw .badRequest(
                    "An outbound email conversation requires a queue ID.",
                    code: "email.outbound.queue.required")
            }
        } else if externalContactId != nil {
            throw .badRequest(
                "externalContactId: only valid for OUTBOUND.", field: "externalContactId")
        }
        guard (queueId == nil) != (flowId == nil) else {
            throw .badRequest(
                "One of queueId or flowId must be supplied.",
                code: "too.many.create.email.parameters")
        }
        try checkNames(in: settings, native: direction == .outbound)
        if flowId != nil, skillExpression != nil {
            throw .badRequest(
                "skillExpression: only valid with queueId.", field: "skillExpression")
        }
        guard direction == .outbound else { return }
        guard settings.queues.first(where: { $0.id == queueId })?.outboundRoute != nil else {
            throw .badRequest(
                "The queue does not have an outbound email address configured.",
                code: "email.outbound.queue.address.required")
        }
        guard let toAddress, !toAddress.isEmpty else {
            throw .badRequest("toAddress: needed for OUTBOUND.", field: "toAddress")
        }
    }
}
