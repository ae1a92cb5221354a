import Foundation

/// What calls do to the participants of conversations.
extension Organization {
    /// A change of the side at an index.
    typealias SideChange = (inout ConversationRecord, Int, Date) throws(APIError) -> Void

    /// Changes the participant that the path names, if the caller may; unless the change throws.
    func changeParticipant(
        _ admitted: AdmittedCall, _ change: SideChange
    ) throws(APIError) {
        let now = options.now()
        try self.change(admitted.parameters[0]) { record throws(APIError) in
            let index = try record.participantIndex(admitted.parameters[1])
            try record.checkCaller(admitted.token, changes: index)
            try change(&record, index, now)
        }
    }

    /// The same, where the path names the participant's communication as well.
    func changeCommunication(
        _ admitted: AdmittedCall, _ change: SideChange
    ) throws(APIError) {
        try changeParticipant(admitted) { record, index, now throws(APIError) in
            guard record.participants[index].session == UUID(uuidString: admitted.parameters[2])
            else { throw .notFound }
            try change(&record, index, now)
        }
    }

    func participant(_ admitted: AdmittedCall) throws(APIError) -> Participant {
        let record = try readable(admitted.parameters[0], admitted.token)
        return record.participants[try record.participantIndex(admitted.parameters[1])]
    }
}

extension ConversationRecord {
    func participantIndex(_ id: String) throws(APIError) -> Int {
        let id = UUID(uuidString: id)
        guard let index = participants.firstIndex(where: { $0.id == id }) else {
            throw APIError(
                status: 404, code: "conversation.error.not.conversation.participant",
                message: "User is not a participant in the conversation.")
        }
        return index
    }

    /// An agent changes their own side, and those that are no agent's while they have it themselves.
    func checkCaller(_ token: Token, changes index: Int) throws(APIError) {
        guard let agent = token.agent, participants[index].agent != agent else { return }
        let hasIt = participants.contains { $0.agent == agent && !$0.isOver }
        guard hasIt, !participants[index].isAgent else { throw .notActiveParticipant }
    }
}

extension APIError {
    static let notActiveParticipant = APIError(
        status: 403, code: "conversation.error.forbidden.not.active.participant",
        message: "User is not active on call and cannot alter recordingState")
}
