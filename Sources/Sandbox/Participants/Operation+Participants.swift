import HTTPTypes

extension Operation {
    private static let emails = "/api/v2/conversations/emails/{}/participants/{}"
    private static let general = "/api/v2/conversations/{}/participants/{}"
    private static let wrapup = "conversation:participant:wrapup"
    private static let disconnect = "conversation:communication:disconnect"
    private static let record = "conversation:call:record"
    private static let park = "conversation:email:park"
    private static let blindTransfer = "conversation:communication:blindTransfer"

    /// What an agent does about a conversation.
    static let participants = [
        Operation(.patch, emails, any: [wrapup, record, disconnect, park], perform: update),
        Operation(.patch, general, any: [wrapup, record, disconnect], perform: update),
        Operation(.patch, "\(emails)/parkingstate", permissions: [park]) {
            organization, admitted throws(APIError) in
            let request = try admitted.call.body(as: ParkingStateRequest.self)
            try organization.changeParticipant(admitted) { record, index, now throws(APIError) in
                try request.apply(to: &record, at: index, now: now)
            }
            return .noContent
        },
        Operation(.post, "\(emails)/replace", permissions: [blindTransfer]) {
            organization, admitted throws(APIError) in
            try organization.transfer(admitted, .either)
        },
        Operation(.post, "\(general)/replace", permissions: [blindTransfer]) {
            organization, admitted throws(APIError) in
            try organization.transfer(admitted, .either)
        },
        Operation(.post, "\(general)/replace/agent", any: [blindTransfer, "\(blindTransfer)Agent"])
        {
            organization, admitted throws(APIError) in
            try organization.transfer(admitted, .agent)
        },
        Operation(.post, "\(general)/replace/queue", any: [blindTransfer, "\(blindTransfer)Queue"])
        {
            organization, admitted throws(APIError) in
            try organization.transfer(admitted, .queue)
        },
        Operation(.patch, "\(emails)/communications/{}") {
            organization, admitted throws(APIError) in
            let request = try admitted.call.body(as: MediaParticipantRequest.self)
            try organization.changeCommunication(admitted) {
                record, index, now throws(APIError) in
                guard request.state == .disconnected else { throw .onlyDisconnected }
                try record.disconnect(index, at: now)
            }
            return .json([String: String]())
        },
        Operation(.post, "\(emails)/communications/{}/wrapup", permissions: [wrapup]) {
            organization, admitted throws(APIError) in
            guard !admitted.call.body.isEmpty else { throw .wrapupCodeRequired }
            let input = try admitted.call.body(as: WrapupInput.self)
            let codes = organization.settings.wrapupCodes
            try organization.changeCommunication(admitted) {
                record, index, now throws(APIError) in
                try record.wrapUp(index, input, codes: codes, at: now)
            }
            return .accepted
        },
    ]

    private static let update: Perform = { organization, admitted throws(APIError) in
        let request = try admitted.call.body(as: MediaParticipantRequest.self)
        let codes = organization.settings.wrapupCodes
        try organization.changeParticipant(admitted) { record, index, now throws(APIError) in
            try request.apply(to: &record, at: index, codes: codes, now: now)
        }
        return .accepted
    }
}

extension Organization {
    fileprivate func transfer(
        _ admitted: AdmittedCall, _ destination: TransferRequest.Destination
    ) throws(APIError) -> Answer {
        let request = try admitted.call.body(as: TransferRequest.self)
        let settings = settings
        try changeParticipant(admitted) { record, index, now throws(APIError) in
            try request.apply(
                to: &record, at: index, destination: destination, settings: settings, now: now)
        }
        return .accepted
    }
}

extension APIError {
    static let onlyDisconnected = badRequest(
        "Can only update a communication's state to disconnected.",
        code: "communication.state.required")
}
