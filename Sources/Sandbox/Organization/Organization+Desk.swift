import Foundation

/// What the sandbox's owner does to conversations in the place of routing, and to agents.
extension Organization {
    /// Puts an agent on a conversation, or the agent who is there into another state.
    func setAgent(
        _ state: Sandbox.Conversation.AgentState, on id: String
    ) throws(Sandbox.UnknownConversation) {
        let now = options.now()
        let agent = settings.agents.first ?? Sandbox.Agent(id: UUID().text, name: "Sandbox Agent")
        guard update(id, { $0.setAgent(state, or: agent, at: now) }) != nil else {
            throw Sandbox.UnknownConversation(id: id)
        }
    }

    /// Alerts an agent with a conversation that waits in a queue.
    func offer(_ id: String, to agent: String) throws -> ConversationRecord {
        let agent = try self.agent(agent)
        let required = settings.wrapupRequired
        return try decide(id) { record, now throws(Sandbox.Refusal) in
            guard record.waitingIndex != nil, record.agent.map(\.isOver) ?? true else {
                throw .conflict("it waits in no queue, or an agent has it already")
            }
            record.offer(to: agent, wrapupRequired: required, at: now)
        }
    }

    /// Lets the alert of a conversation time out.
    func letRing(_ id: String) throws -> ConversationRecord {
        try decide(id) { record, now throws(Sandbox.Refusal) in
            guard let index = record.agentIndex, record.participants[index].state == .alerting
            else { throw .conflict("it alerts no agent") }
            record.decline(index, at: now)
        }
    }

    /// Takes a conversation from its flow to a queue.
    func route(_ id: String, to queue: String) throws -> ConversationRecord {
        guard let queue = settings.queues.first(where: { $0.id == queue }) else {
            throw Sandbox.Refusal.unknown("no queue \(queue)")
        }
        return try decide(id) { record, now throws(Sandbox.Refusal) in
            guard record.state == .inFlow else { throw .conflict("it is in no flow") }
            record.enter(queue, at: now)
        }
    }

    /// Ends a conversation for all its participants; one that has ended stays as it is.
    func end(_ id: String, _ type: Sandbox.DisconnectType) throws -> ConversationRecord {
        try decide(id) { record, now throws(Sandbox.Refusal) in record.end(type, at: now) }
    }

    /// What an agent has in hand after logging in at that client.
    func logIn(_ agent: String, client: String) throws(Sandbox.Refusal) -> AccessToken {
        issue(to: client, for: try self.agent(agent).id)
    }

    func agent(_ id: String) throws(Sandbox.Refusal) -> Sandbox.Agent {
        guard let agent = settings.agents.first(where: { $0.id == id }) else {
            throw .unknown("no agent \(id)")
        }
        return agent
    }

    private func decide(
        _ id: String, _ change: (inout ConversationRecord, Date) throws(Sandbox.Refusal) -> Void
    ) throws -> ConversationRecord {
        defer { wake() }
        tick()
        let now = options.now()
        let changed = try update(id) { record throws(Sandbox.Refusal) in
            try change(&record, now)
        }
        guard let changed else { throw Sandbox.UnknownConversation(id: id) }
        return changed
    }
}

extension Sandbox {
    /// Why the sandbox does not do what its owner wants.
    public enum Refusal: Error, Equatable {
        /// It knows no such thing: 404 over HTTP.
        case unknown(String)
        /// The conversation is not in a state for it: 409 over HTTP.
        case conflict(String)
    }
}
