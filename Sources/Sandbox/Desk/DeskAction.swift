import Foundation
import HTTPTypes

/// What an agent does about a conversation at the desk, and what the API is asked for it.
struct DeskAction: Decodable {
    enum Kind: String, Decodable {
        case accept, decline, park, resume, end, transfer
        case wrapUp = "wrap-up"
    }

    let act: Kind
    let conversation: String
    /// Where a transfer goes, one of the two.
    let queue: String?
    let agent: String?
    /// The id of the code to close it with.
    let code: String?

    /// The call, made for the agent's own side.
    func call(participant: String) -> Call {
        let emails = "/api/v2/conversations/emails/\(conversation)/participants/\(participant)"
        let general = "/api/v2/conversations/\(conversation)/participants/\(participant)"
        switch act {
        case .accept: return .json(.patch, emails, ["state": "connected"])
        case .decline, .end: return .json(.patch, emails, ["state": "disconnected"])
        case .park: return .json(.patch, "\(emails)/parkingstate", ["state": "parked"])
        case .resume: return .json(.patch, "\(emails)/parkingstate", ["state": "connected"])
        case .transfer:
            if let queue {
                return .json(.post, "\(general)/replace/queue", ["queueId": queue])
            }
            return .json(.post, "\(general)/replace/agent", ["userId": agent ?? ""])
        case .wrapUp: return .json(.patch, emails, ["wrapup": ["code": code ?? ""]])
        }
    }
}

extension Call {
    fileprivate static func json(
        _ method: HTTPRequest.Method, _ path: String, _ body: some Encodable
    ) -> Call {
        Call(
            method: method, target: path, headers: [.contentType: "application/json"],
            body: Answer.json(body).body, connection: 0)
    }
}
