import Foundation

/// What becomes of a conversation; whether it may, the callers have to see to.
extension ConversationRecord {
    /// Waits in that queue for an agent.
    mutating func enter(_ queue: Sandbox.Queue, at now: Date) {
        let time = now.apiText
        self.queue = queue
        waitingSince = now
        let waiting = Participant(
            purpose: Participant.queuePurpose, name: queue.name, address: "", queue: queue,
            started: time, connected: time, peer: participants[0].session)
        participants[0].queue = queue
        participants[0].peer = waiting.session
        participants.append(waiting)
    }

    /// Alerts an agent; it goes on waiting in its queue until they accept.
    mutating func offer(to agent: Sandbox.Agent, wrapupRequired: Bool, at now: Date) {
        participants.append(
            Participant(
                purpose: Participant.agentPurpose, name: agent.name, agent: agent.id,
                queue: queue, started: now.apiText, initialState: .alerting, state: .alerting,
                peer: participants[0].session,
                afterWork: AfterWork(isRequired: wrapupRequired)))
    }

    /// The alerting agent's side at the index becomes the one that the customer is connected to.
    mutating func accept(_ index: Int, at now: Date) {
        participants[index].state = .connected
        participants[index].connected = now.apiText
        participants[0].peer = participants[index].session
        leaveQueue(at: now)
    }

    /// The alerting agent's side at the index ends, and the conversation waits in its queue.
    mutating func decline(_ index: Int, at now: Date) {
        participants[index].end(at: now.apiText, .transferNoAnswer)
        if waitingIndex == nil, let queue {
            enter(queue, at: now)
        }
    }

    mutating func hold(_ index: Int, _ held: Bool, at now: Date) {
        participants[index].heldSince = held ? participants[index].heldSince ?? now.apiText : nil
    }

    mutating func park(_ index: Int, until resumes: String?, at now: Date) {
        participants[index].state = .parked
        participants[index].parkedSince = now.apiText
        participants[index].resumes = resumes
    }

    mutating func resume(_ index: Int) {
        participants[index].state = .connected
        participants[index].parkedSince = nil
        participants[index].resumes = nil
    }

    /// The side at the index hands it over to another queue.
    mutating func transfer(_ index: Int, to queue: Sandbox.Queue, at now: Date) {
        leave(index, at: now)
        enter(queue, at: now)
    }

    /// The side at the index hands it over to an agent, who is alerted.
    mutating func transfer(
        _ index: Int, to agent: Sandbox.Agent, wrapupRequired: Bool, at now: Date
    ) {
        leave(index, at: now)
        offer(to: agent, wrapupRequired: wrapupRequired, at: now)
    }

    /// Ends it with all its participants: the one at the index by itself, the others with it.
    ///
    /// Without an index all end the same way. One that has ended stays as it is.
    mutating func end(_ type: Sandbox.DisconnectType, by index: Int? = nil, at now: Date) {
        guard ended == nil else { return }
        ended = now
        waitingSince = nil
        for other in participants.indices {
            participants[other].end(at: now.apiText, [nil, other].contains(index) ? type : .peer)
        }
    }

    /// Lets a message join; one that has ended waits in its queue again.
    mutating func append(_ attributes: [String: String], replacing: Bool, at now: Date) {
        inboundMessages += 1
        update(attributes, of: 0, replacing: replacing)
        guard ended != nil else { return }
        ended = nil
        participants[0].state = .connected
        participants[0].ended = nil
        participants[0].disconnectType = nil
        if let queue {
            enter(queue, at: now)
        }
    }

    /// Puts an agent on it, or the agent who is there into another state, whatever they did before.
    mutating func setAgent(
        _ state: Sandbox.Conversation.AgentState, or agent: Sandbox.Agent, at now: Date
    ) {
        if agentIndex == nil {
            offer(to: agent, wrapupRequired: false, at: now)
        }
        guard let index = agentIndex else { return }
        participants[index].state = state
        participants[index].ended = state == .disconnected ? now.apiText : nil
        participants[index].disconnectType = state == .disconnected ? .client : nil
        switch state {
        case .connected, .parked:
            participants[index].connected = participants[index].connected ?? now.apiText
            leaveQueue(at: now)
        case .alerting, .disconnected:
            if ended == nil, waitingIndex == nil, let queue {
                enter(queue, at: now)
            }
        }
    }

    private mutating func leave(_ index: Int, at now: Date) {
        participants[index].end(at: now.apiText, .transfer)
        leaveQueue(at: now)
    }

    private mutating func leaveQueue(at now: Date) {
        waitingSince = nil
        if let index = waitingIndex {
            participants[index].end(at: now.apiText, .transfer)
        }
    }
}
