/// What an attribute search answers, a `JsonCursorSearchResponse`.
struct AttributeSearchAnswer: Encodable {
    struct Row: Encodable {
        struct Participant: Encodable {
            let participantPurpose: String
            let participantAttributes: [String: String]
            let participantId: String
            let sessionIds: [String]
        }

        let conversationId: String
        let startTime: String
        let endTime: String?
        let divisionIds: [String]
        /// Those that have attributes.
        let participantData: [Participant]
        let truncatedData = false
    }

    let types = ["conversations"]
    let results: [Row]
    /// Where the next page begins, if there is one.
    let cursor: String?
}

extension AttributeSearchAnswer.Row {
    init(_ record: ConversationRecord) {
        conversationId = record.id.text
        startTime = record.createdAt
        endTime = record.endedAt
        divisionIds = [record.division]
        participantData = record.participants.enumerated().compactMap { index, participant in
            guard let attributes = participant.attributes, !attributes.isEmpty else { return nil }
            return Participant(
                participantPurpose: record.purpose(at: index), participantAttributes: attributes,
                participantId: participant.id.text, sessionIds: [participant.session.text])
        }
    }
}
