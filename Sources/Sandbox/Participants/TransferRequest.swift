import Foundation

/// The body of a `POST` that replaces a participant: by an agent or by a queue.
struct TransferRequest: Decodable {
    let userId: String?
    let queueId: String?

    private enum CodingKeys: String, CodingKey {
        case transferType, keepInternalMessageAlive, userId, address, userName, userDisplayName
        case queueId, queueName, voicemail
    }

    /// The names are no destination: strictly, only an id is.
    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        let type = try object.decodeIfPresent(String.self, forKey: .transferType)
        guard type == nil || type == "Unattended" else {
            throw APIError.invalidValue(
                type ?? "", of: "transferType", allowed: "Unattended")
        }
        if try object.decodeIfPresent(Bool.self, forKey: .voicemail) == true {
            throw APIError.badRequest(
                "Only personal calls can be transferred to voicemail.",
                code: "conversations.error.transfer.userCall.voicemail")
        }
        if try object.decodeIfPresent(String.self, forKey: .address) != nil {
            throw APIError.badRequest("address: no email goes there.", field: "address")
        }
        userId = try object.decodeIfPresent(String.self, forKey: .userId)
        queueId = try object.decodeIfPresent(String.self, forKey: .queueId)
        _ = try object.decodeIfPresent(Bool.self, forKey: .keepInternalMessageAlive)
        for name in [CodingKeys.userName, .userDisplayName, .queueName] {
            _ = try object.decodeIfPresent(String.self, forKey: name)
        }
    }

    /// Which destinations a path takes.
    enum Destination {
        case agent, queue, either

        var takesAgents: Bool { self != .queue }
        var takesQueues: Bool { self != .agent }
    }

    /// Hands the conversation over from the side at the index.
    func apply(
        to record: inout ConversationRecord, at index: Int, destination: Destination,
        settings: Sandbox.Settings, now: Date
    ) throws(APIError) {
        let leaving = record.participants[index]
        guard leaving.isAgent || leaving.purpose == Participant.queuePurpose else {
            throw .externalReplaced
        }
        guard leaving.state == .connected else { throw .notConnected }
        switch (destination.takesAgents ? userId : nil, destination.takesQueues ? queueId : nil) {
        case (let user?, nil):
            guard let agent = settings.agents.first(where: { $0.id == user }) else {
                throw .badRequest("userId: no such user.", field: "userId")
            }
            guard leaving.agent != user else { throw .sameParty }
            record.transfer(
                index, to: agent, wrapupRequired: settings.wrapupRequired, at: now)
        case (nil, let id?):
            guard let queue = settings.queues.first(where: { $0.id == id }) else {
                throw .transferQueueNotFound
            }
            guard leaving.isAgent || leaving.queue != queue else { throw .sameParty }
            record.transfer(index, to: queue, at: now)
        default:
            throw .destinationRequired
        }
    }
}

extension APIError {
    static let sameParty = badRequest(
        "The target of the transfer cannot be the same as the destination.",
        code: "conversations.error.transfer.same.party")
    static let transferQueueNotFound = badRequest(
        "Interaction cannot be transferred to a queue that does not exist.",
        code: "conversations.error.queue.not.found")
    static let externalReplaced = badRequest(
        "External participants may not be replaced.",
        code: "postino.error.transfer.replace.external")
    static let notConnected = badRequest(
        "Only connected participants can be transferred.",
        code: "postino.error.transfer.not.connected")
    static let destinationRequired = badRequest(
        "The destination is a required property for a transfer request.",
        code: "conversations.error.transfer.destination.required")
}
