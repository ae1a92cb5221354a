/// The answer of `/conversations/{id}`: participants with one list for each media.
struct GeneralConversation: Encodable {
    struct Participant: Encodable {
        let id: String
        let startTime: String
        let connectedTime: String?
        let endTime: String?
        let name: String?
        let queueId: String?
        let queueName: String?
        let purpose: String
        let address: String?
        let wrapupRequired: Bool
        let attributes: [String: String]
        let emails: [Email]
        let calls: [String] = []
        let callbacks: [String] = []
        let chats: [String] = []
        let cobrowsesessions: [String] = []
        let messages: [String] = []
        let screenshares: [String] = []
        let socialExpressions: [String] = []
        let videos: [String] = []
    }

    struct Email: Encodable {
        let state: String
        let initialState: String
        let id: String
        let held: Bool
        let subject: String?
        let messagesSent: Int
        let segments: [String]
        let direction: String
        let connectedTime: String?
        let disconnectedTime: String?
        let provider: String
        let peerId: String?
    }

    let id: String
    let startTime: String
    /// Not there while it goes on.
    let endTime: String?
    let externalTag: String?
    let participants: [Participant]
    let recordingState: String
    let recentTransfers: [String]
    let utilizationLabelId: String?
    let selfUri: String

    init(_ record: ConversationRecord) {
        let request = record.request
        id = record.id.text
        startTime = record.createdAt
        endTime = record.endedAt
        externalTag = record.externalTag
        participants = record.participants.map {
            Participant(
                id: $0.id.text, startTime: $0.started, connectedTime: $0.connected,
                endTime: $0.ended, name: $0.name, queueId: request.queueId,
                queueName: record.queueName, purpose: $0.purpose,
                address: $0.address, wrapupRequired: false, attributes: $0.attributes ?? [:],
                emails: [
                    Email(
                        state: $0.state.rawValue, initialState: $0.initialState, id: $0.id.text,
                        held: false, subject: request.subject, messagesSent: 0, segments: [],
                        direction: "inbound", connectedTime: $0.connected,
                        disconnectedTime: $0.ended,
                        provider: request.provider, peerId: $0.peer?.text)
                ])
        }
        recordingState = "NONE"
        recentTransfers = []
        utilizationLabelId = request.utilizationLabel
        selfUri = "/api/v2/conversations/\(id)"
    }
}
