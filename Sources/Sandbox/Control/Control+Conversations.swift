import Foundation

/// What takes the place of routing and of the agents' own programs.
extension Control {
    /// `/sandbox/conversations/{id}/{verb}`; answers how the conversation stands then.
    func changeConversation(_ call: Call) async throws -> Answer {
        let segments = call.path.split(separator: "/")
        guard segments.count == 4 else { return Self.notHere(call) }
        let id = String(segments[2])
        let record: ConversationRecord
        switch segments[3] {
        case "agent":
            let agent = try call.control(AgentState.self)
            try await organization.setAgent(agent.state, on: id)
            return .json(agent)
        case "offer":
            let offer = try call.control(Offer.self)
            record = try await organization.offer(id, to: offer.agent)
        case "no-answer":
            record = try await organization.letRing(id)
        case "queue":
            let route = try call.control(Route.self)
            record = try await organization.route(id, to: route.queue)
        case "end":
            let end = try call.control(End.self)
            record = try await organization.end(id, end.disconnectType)
        default:
            return Self.notHere(call)
        }
        return .json(Sandbox.Conversation(record))
    }

    /// `/sandbox/agents/{id}/token`.
    func logIn(_ call: Call) async throws -> Answer {
        let segments = call.path.split(separator: "/")
        guard segments.count == 4, segments[3] == "token" else { return Self.notHere(call) }
        let login = try call.control(Login.self)
        return .json(
            try await organization.logIn(String(segments[2]), client: login.client))
    }
}

extension Call {
    /// What `/sandbox` is told; an empty body is an empty object.
    func control<Body: Decodable>(_ type: Body.Type) throws -> Body {
        try JSONDecoder().decode(type, from: body.isEmpty ? Data("{}".utf8) : body)
    }
}

private struct AgentState: Codable {
    let state: Sandbox.Conversation.AgentState

    enum CodingKeys: String, CodingKey {
        case state
    }

    init(from decoder: any Decoder) throws {
        state = try decoder.closedObject(CodingKeys.self)
            .decode(Sandbox.Conversation.AgentState.self, forKey: .state)
    }
}

private struct Offer: Decodable {
    let agent: String

    enum CodingKeys: String, CodingKey {
        case agent
    }

    init(from decoder: any Decoder) throws {
        agent = try decoder.closedObject(CodingKeys.self).decode(String.self, forKey: .agent)
    }
}

private struct Route: Decodable {
    let queue: String

    enum CodingKeys: String, CodingKey {
        case queue
    }

    init(from decoder: any Decoder) throws {
        queue = try decoder.closedObject(CodingKeys.self).decode(String.self, forKey: .queue)
    }
}

private struct End: Decodable {
    let disconnectType: Sandbox.DisconnectType

    enum CodingKeys: String, CodingKey {
        case disconnectType
    }

    init(from decoder: any Decoder) throws {
        disconnectType =
            try decoder.closedObject(CodingKeys.self)
            .decodeIfPresent(Sandbox.DisconnectType.self, forKey: .disconnectType) ?? .system
    }
}

private struct Login: Decodable {
    let client: String

    enum CodingKeys: String, CodingKey {
        case client
    }

    init(from decoder: any Decoder) throws {
        client =
            try decoder.closedObject(CodingKeys.self)
            .decodeIfPresent(String.self, forKey: .client) ?? Sandbox.Agent.defaultClient
    }
}
