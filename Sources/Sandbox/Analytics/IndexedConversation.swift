/// What the analytics have indexed of a conversation: the values of its dimensions.
struct IndexedConversation {
    enum Dimension: String, Decodable {
        case conversationEnd, conversationId, conversationStart, divisionId, externalTag
        case originatingDirection
    }

    enum SegmentDimension: String, Decodable {
        case addressFrom, addressTo, direction, mediaType, participantName, provider, purpose
        case queueId, subject
    }

    let record: ConversationRecord
    /// Whether the addresses and the subject are there, see ``Sandbox/Settings/indexesAddressTo``.
    let hasAddresses: Bool

    func value(of dimension: Dimension) -> String? {
        switch dimension {
        case .conversationEnd: record.endedAt
        case .conversationId: record.id.text
        case .conversationStart: record.createdAt
        case .divisionId: record.division
        case .externalTag: record.externalTag
        case .originatingDirection: record.request.direction.name
        }
    }

    /// Of the segments of a participant, which differ in none of these, with its session.
    ///
    /// The addresses stand on the customer's session, the queue on the segments of the others.
    func value(of dimension: SegmentDimension, at index: Int) -> String? {
        let isCustomer = index == 0
        return switch dimension {
        case .addressFrom: isCustomer && hasAddresses ? record.request.fromAddress : nil
        case .addressTo: isCustomer && hasAddresses ? record.request.toAddress : nil
        case .direction: record.request.direction.name
        case .mediaType: "email"
        case .participantName: record.participants[index].name
        case .provider: record.request.provider
        case .purpose: record.purpose(at: index)
        case .queueId: isCustomer ? nil : record.participants[index].queue?.id
        case .subject: hasAddresses ? record.request.subject : nil
        }
    }
}

extension ConversationRecord {
    /// The purpose by analytics and attribute search, which call the customer's side external.
    func purpose(at index: Int) -> String {
        index == 0 ? "external" : participants[index].purpose
    }
}
