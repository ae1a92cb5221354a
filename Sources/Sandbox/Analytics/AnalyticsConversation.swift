/// A conversation in an answer of the analytics, `AnalyticsConversationWithoutAttributes`.
struct AnalyticsConversation: Encodable {
    struct Side: Encodable {
        let participantId: String
        let participantName: String?
        let purpose: String
        let userId: String?
        let sessions: [Session]
    }

    struct Session: Encodable {
        let sessionId: String
        let mediaType = "email"
        let direction: String
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
        var disconnectType: String?
        var wrapUpCode: String?
        var wrapUpNote: String?
    }

    let conversationId: String
    let conversationStart: String
    let conversationEnd: String?
    let divisionIds: [String]
    let externalTag: String?
    let originatingDirection: String
    let participants: [Side]

    init(_ indexed: IndexedConversation) {
        let record = indexed.record
        conversationId = record.id.text
        conversationStart = record.createdAt
        conversationEnd = record.endedAt
        divisionIds = [record.division]
        externalTag = record.externalTag
        originatingDirection = record.request.direction.name
        participants = record.participants.enumerated().map { index, participant in
            let session = Session(
                sessionId: participant.session.text, direction: record.request.direction.name,
                provider: record.request.provider,
                addressTo: indexed.value(of: .addressTo, at: index),
                addressFrom: indexed.value(of: .addressFrom, at: index),
                peerId: participant.peer?.text,
                segments: Self.segments(of: participant, at: index, indexed))
            return Side(
                participantId: participant.id.text, participantName: participant.name,
                purpose: record.purpose(at: index), userId: participant.agent,
                sessions: [session])
        }
    }

    /// What a side went through: it alerted, was connected, and was closed, each if it was.
    private static func segments(
        of participant: Participant, at index: Int, _ indexed: IndexedConversation
    ) -> [Segment] {
        func segment(_ type: String, _ start: String, _ end: String?) -> Segment {
            Segment(
                segmentType: type, segmentStart: start, segmentEnd: end,
                queueId: indexed.value(of: .queueId, at: index),
                subject: indexed.value(of: .subject, at: index))
        }
        var segments: [Segment] = []
        if participant.startedAlerting != nil {
            let end = participant.connected ?? participant.ended
            segments.append(segment("alert", participant.started, end))
        }
        if let connected = participant.connected {
            segments.append(segment("interact", connected, participant.ended))
        }
        if let last = segments.indices.last {
            segments[last].disconnectType = participant.disconnectType?.analyticsName
        }
        let work = participant.afterWork
        if let start = work.started ?? work.wrapup.flatMap({ _ in participant.ended }) {
            var closing = segment("wrapup", start, work.ended ?? work.wrapup?.endTime)
            closing.wrapUpCode = work.wrapup?.code
            closing.wrapUpNote = work.wrapup?.notes
            segments.append(closing)
        }
        return segments
    }
}
