/// The answer of `/conversations/{id}`: participants with one list for each media.
struct GeneralConversation: Encodable {
    struct Side: Encodable {
        let id: String
        let startTime: String
        let connectedTime: String?
        let endTime: String?
        let startAcwTime: String?
        let endAcwTime: String?
        let name: String?
        let userId: String?
        let userUri: String?
        let queueId: String?
        let queueName: String?
        let purpose: String
        let address: String?
        let wrapupRequired: Bool
        let wrapupPrompt: String?
        let wrapupSkipped: Bool?
        let wrapup: Wrapup?
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

        init(_ participant: Participant, of request: CreateEmailRequest) {
            let work = participant.afterWork
            id = participant.id.text
            startTime = participant.started
            connectedTime = participant.connected
            endTime = participant.ended
            startAcwTime = work.started
            endAcwTime = work.ended
            name = participant.name
            userId = participant.agent
            userUri = participant.agent.map { "/api/v2/users/\($0)" }
            queueId = participant.queue?.id
            queueName = participant.queue?.name
            purpose = participant.purpose
            address = participant.address
            wrapupRequired = work.isRequired
            wrapupPrompt = work.prompt
            wrapupSkipped = participant.isAgent ? work.isSkipped : nil
            wrapup = work.wrapup
            attributes = participant.attributes ?? [:]
            emails = [Email(participant, of: request)]
        }
    }

    struct Email: Encodable {
        struct AfterCallWork: Encodable {
            let startTime: String?
            let endTime: String?
            let state: String
        }

        let state: String
        let initialState: String
        let id: String
        let held: Bool
        let subject: String?
        let messagesSent = 0
        let segments: [String] = []
        let direction: String
        let disconnectType: String?
        let startAlertingTime: String?
        let connectedTime: String?
        let disconnectedTime: String?
        let startHoldTime: String?
        let parkTime: String?
        let provider: String
        let peerId: String?
        let wrapup: Wrapup?
        let afterCallWork: AfterCallWork?
        let afterCallWorkRequired: Bool

        init(_ participant: Participant, of request: CreateEmailRequest) {
            let work = participant.afterWork
            state = participant.state.rawValue
            initialState = participant.initialState.rawValue
            id = participant.session.text
            held = participant.heldSince != nil
            subject = request.subject
            direction = request.direction.name
            disconnectType = participant.disconnectType?.rawValue
            startAlertingTime = participant.startedAlerting
            connectedTime = participant.connected
            disconnectedTime = participant.ended
            startHoldTime = participant.heldSince
            parkTime = participant.parkedSince
            provider = request.provider
            peerId = participant.peer?.text
            wrapup = work.wrapup
            afterCallWork =
                participant.isAgent
                ? AfterCallWork(
                    startTime: work.started, endTime: work.ended, state: work.state) : nil
            afterCallWorkRequired = work.isRequired
        }
    }

    let id: String
    let startTime: String
    /// Not there while it goes on.
    let endTime: String?
    let externalTag: String?
    let participants: [Side]
    let recordingState: String
    let recentTransfers: [String]
    let divisions: [DivisionMembership]
    let utilizationLabelId: String?
    let selfUri: String

    init(_ record: ConversationRecord) {
        let request = record.request
        id = record.id.text
        startTime = record.createdAt
        endTime = record.endedAt
        externalTag = record.externalTag
        participants = record.participants.map { Side($0, of: request) }
        recordingState = "NONE"
        recentTransfers = []
        divisions = [DivisionMembership(record)]
        utilizationLabelId = request.utilizationLabel
        selfUri = "/api/v2/conversations/\(id)"
    }
}
