import Foundation

/// The body of a `PATCH` of a participant's parking state.
struct ParkingStateRequest: Decodable {
    enum State: String, Decodable {
        case parked, connected
    }

    let state: State
    let resumeTime: String?

    private enum CodingKeys: String, CodingKey {
        case state, resumeTime
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        let state = try object.decode(String.self, forKey: .state)
        guard let known = State(rawValue: state) else {
            throw APIError.invalidValue(state, of: "state", allowed: "parked, connected")
        }
        self.state = known
        resumeTime = try object.decodeTimeIfPresent(forKey: .resumeTime)
    }

    /// Parks what an agent is connected to, or takes it up again.
    func apply(
        to record: inout ConversationRecord, at index: Int, now: Date
    ) throws(APIError) {
        guard record.participants[index].isAgent else { throw .noActiveConversation }
        switch (state, record.participants[index].state) {
        case (.parked, .connected): record.park(index, until: resumeTime, at: now)
        case (.connected, .parked): record.resume(index)
        default: throw .noActiveConversation
        }
    }
}
