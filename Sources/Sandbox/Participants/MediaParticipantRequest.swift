import Foundation

/// The body of a `PATCH` of a participant.
///
/// What no email has, recording, muting and confining, is refused.
struct MediaParticipantRequest: Decodable {
    enum State: String, Decodable {
        case connected, disconnected
    }

    let state: State?
    let held: Bool?
    let wrapup: WrapupInput?
    let wrapupSkipped: Bool?
    let resumeTime: String?

    private enum CodingKeys: String, CodingKey {
        case state, held, wrapup, wrapupSkipped, resumeTime
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        state = try object.decodeIfPresent(String.self, forKey: .state).map(Self.state)
        held = try object.decodeIfPresent(Bool.self, forKey: .held)
        wrapup = try object.decodeIfPresent(WrapupInput.self, forKey: .wrapup)
        wrapupSkipped = try object.decodeIfPresent(Bool.self, forKey: .wrapupSkipped)
        resumeTime = try object.decodeTimeIfPresent(forKey: .resumeTime)
        guard !object.allKeys.isEmpty else { throw APIError.badRequest() }
    }

    private static func state(_ value: String) throws(APIError) -> State {
        guard let state = State(rawValue: value) else {
            throw .invalidValue(value, of: "state", allowed: "connected, disconnected")
        }
        return state
    }

    /// Changes the side at the index: its state first, so that it can be ended and closed in one.
    func apply(
        to record: inout ConversationRecord, at index: Int, codes: [Sandbox.Named], now: Date
    ) throws(APIError) {
        switch state {
        case .connected:
            guard record.participants[index].state == .alerting else { throw .notAlerting }
            record.accept(index, at: now)
        case .disconnected:
            try record.disconnect(index, at: now)
        case nil:
            break
        }
        if let held {
            guard record.participants[index].state != .alerting else { throw .heldAlerting }
            guard record.participants[index].state == .connected else {
                throw .noActiveConversation
            }
            record.hold(index, held, at: now)
        }
        if let resumeTime {
            guard record.participants[index].state == .parked else {
                throw .badRequest("resumeTime: only of a parked email.", field: "resumeTime")
            }
            record.participants[index].resumes = resumeTime
        }
        if let wrapup {
            try record.wrapUp(index, wrapup, codes: codes, at: now)
        }
        if wrapupSkipped == true {
            try record.checkAccepted(index)
            record.participants[index].afterWork.skip(at: now.apiText)
        }
    }
}

extension ConversationRecord {
    /// Ends the side at the index: an agent who had not accepted declines, any other ends it for all.
    mutating func disconnect(_ index: Int, at now: Date) throws(APIError) {
        switch participants[index].state {
        case .alerting: decline(index, at: now)
        case .connected, .parked: end(.client, by: index, at: now)
        case .disconnected: throw .noActiveConversation
        }
    }

    mutating func wrapUp(
        _ index: Int, _ input: WrapupInput, codes: [Sandbox.Named], at now: Date
    ) throws(APIError) {
        try checkAccepted(index)
        participants[index].afterWork.wrapUp(
            try input.wrapup(of: codes, at: now), at: now.apiText)
    }

    /// Only an agent who has accepted it has something to close.
    func checkAccepted(_ index: Int) throws(APIError) {
        guard participants[index].isAgent, participants[index].connected != nil else {
            throw .noActiveConversation
        }
    }
}

extension APIError {
    static let notAlerting = badRequest(
        "Only alerting calls can be answered.", code: "postino.error.answer.not.alerting")
    static let heldAlerting = badRequest(
        "An alerting call cannot be placed on hold", code: "conversation.error.hold.alerting")
    static let noActiveConversation = badRequest(
        "Participants has no active conversations",
        code: "conversation.error.participant.no.active.conversations")

    static func invalidValue(_ value: String, of field: String, allowed: String) -> APIError {
        badRequest(
            """
            Value [\(value)] is not valid for field type [\(field)]. Allowable values are: \
            \(allowed)
            """,
            code: "invalid.value", field: field)
    }
}

extension KeyedDecodingContainer {
    /// A time in ISO 8601, as it was written.
    func decodeTimeIfPresent(forKey key: Key) throws -> String? {
        guard let text = try decodeIfPresent(String.self, forKey: key) else { return nil }
        guard Date(apiText: text) != nil else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "expected a time in ISO 8601")
        }
        return text
    }
}
