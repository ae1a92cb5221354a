/// A conversation in an answer of the analytics, `AnalyticsConversationWithoutAttributes`.
struct AnalyticsConversation: Encodable {
    struct Participant: Encodable {
        let participantId: String
        let participantName: String?
        let purpose: String
        let sessions: [Session]
    }

    struct Session: Encodable {
        let sessionId: String
        let mediaType = "email"
        let direction = "inbound"
        let provider: String
        let addressTo: String?
        let addressFrom: String?
        let peerId: String?
        let segments: [Segment]
    }

    struct Segment: Encodable {
        let segmentType: String
        let segmentStart: String
        let segmentEnd: String?
        let conference = false
        let queueId: String?
        let subject: String?
    }

    let conversationId: String
    let conversationStart: String
    let conversationEnd: String?
    let divisionIds = [Sandbox.Settings.homeDivision]
    let externalTag: String?
    let originatingDirection = "inbound"
    let participants: [Participant]

    init(_ indexed: IndexedConversation) {
        let record = indexed.record
        conversationId = record.id.text
        conversationStart = record.createdAt
        conversationEnd = record.endedAt
        externalTag = record.externalTag
        participants = record.participants.enumerated().map { index, participant in
            let segment = Segment(
                segmentType: participant.state == .alerting ? "alert" : "interact",
                segmentStart: participant.started, segmentEnd: participant.ended,
                queueId: indexed.value(of: .queueId, at: index),
                subject: indexed.value(of: .subject, at: index))
            let session = Session(
                sessionId: participant.session, provider: record.request.provider,
                addressTo: indexed.value(of: .addressTo, at: index),
                addressFrom: indexed.value(of: .addressFrom, at: index),
                peerId: participant.peer?.text, segments: [segment])
            return Participant(
                participantId: participant.id.text, participantName: participant.name,
                purpose: record.purpose(at: index), sessions: [session])
        }
    }
}

extension ConversationRecord.Participant {
    /// The id of its one session, which serves as that of its communication too.
    var session: String {
        id.text
    }
}
