import Foundation

/// A conversation as the organization keeps it.
struct ConversationRecord: Sendable {
    struct Participant: Sendable {
        let id: UUID
        let purpose: String
        let name: String?
        let address: String?
        let started: String
        var state = Sandbox.Conversation.AgentState.connected
        var ended: String?
        /// The other side of its media session.
        var peer: UUID?
        var attributes: [String: String]?

        /// When it was connected, which is at once for all but an agent whose side still alerts.
        var connected: String? {
            state == .alerting ? nil : started
        }

        var initialState: String {
            purpose == ConversationRecord.agentPurpose ? "alerting" : "connected"
        }

        mutating func end(at time: String) {
            guard state != .disconnected else { return }
            state = .disconnected
            ended = time
        }
    }

    /// What stays as it was created; shared, for a search copies each record that it looks at.
    private final class Creation: Sendable {
        let request: CreateEmailRequest
        let queueName: String?
        let text: String

        init(_ request: CreateEmailRequest, queueName: String?, at text: String) {
            self.request = request
            self.queueName = queueName
            self.text = text
        }
    }

    let id: UUID
    private let creation: Creation
    let created: Date
    /// The customer's side first.
    var participants: [Participant]
    var externalTag: String?
    var ended: Date?
    /// How many messages have joined it since its creation.
    var inboundMessages = 0

    /// What a create makes: the customer's side, and for a queue the side that waits there.
    ///
    /// A flow takes a conversation to a queue only later.
    init(_ request: CreateEmailRequest, at now: Date, settings: Sandbox.Settings) {
        let time = now.apiText
        id = UUID()
        let queueName = settings.queues.first { $0.id == request.queueId }?.name
        creation = Creation(request, queueName: queueName, at: time)
        created = now
        var customer = Participant(
            id: UUID(), purpose: settings.purpose.rawValue, name: request.fromName,
            address: request.fromAddress, started: time, attributes: request.attributes)
        guard let queueName else {
            participants = [customer]
            return
        }
        let queue = Participant(
            id: UUID(), purpose: "acd", name: queueName, address: "", started: time,
            peer: customer.id)
        customer.peer = queue.id
        participants = [customer, queue]
    }

    var request: CreateEmailRequest {
        creation.request
    }

    /// The name of the queue it was created for.
    var queueName: String? {
        creation.queueName
    }

    var createdAt: String {
        creation.text
    }

    var state: Sandbox.Conversation.State {
        if ended != nil { return .ended }
        return queueName == nil ? .inFlow : .queued
    }

    var endedAt: String? {
        ended?.apiText
    }
}

// MARK: - What becomes of it

extension ConversationRecord {
    fileprivate static let agentPurpose = "agent"

    /// The agent's side, if there was one.
    var agent: Participant? {
        participants.first { $0.purpose == Self.agentPurpose }
    }

    /// Ends it with all its participants; one that has ended stays as it is.
    mutating func end(at now: Date) {
        guard ended == nil else { return }
        ended = now
        for index in participants.indices {
            participants[index].end(at: now.apiText)
        }
    }

    /// Lets a message join; one that has ended waits in its queue again.
    mutating func append(_ attributes: [String: String], at now: Date) {
        inboundMessages += 1
        update(attributes, of: 0, replacing: false)
        guard ended != nil else { return }
        ended = nil
        for index in participants.indices where participants[index].purpose != Self.agentPurpose {
            participants[index].state = .connected
            participants[index].ended = nil
        }
    }

    /// Gives a participant more attributes, or others in place of all that it has.
    mutating func update(
        _ attributes: [String: String], of index: Int, replacing: Bool
    ) {
        let old = replacing ? [:] : participants[index].attributes ?? [:]
        participants[index].attributes = old.merging(attributes) { $1 }
    }

    /// Puts an agent on it, or the agent who is there into another state.
    mutating func setAgent(_ state: Sandbox.Conversation.AgentState, at now: Date) {
        let time = now.apiText
        if agent == nil {
            participants.append(
                Participant(
                    id: UUID(), purpose: Self.agentPurpose, name: "Sandbox Agent", address: nil,
                    started: time, peer: participants.first?.id))
        }
        for index in participants.indices where participants[index].purpose == Self.agentPurpose {
            participants[index].state = state
            participants[index].ended = state == .disconnected ? time : nil
        }
    }
}

extension Sandbox.Conversation {
    init(_ record: ConversationRecord) {
        let request = record.request
        self.init(
            id: record.id.text, provider: request.provider, subject: request.subject,
            toAddress: request.toAddress, toName: request.toName,
            fromAddress: request.fromAddress, fromName: request.fromName,
            queueId: request.queueId, flowId: request.flowId,
            attributes: record.participants.first?.attributes ?? [:],
            priority: request.priority, skillIds: request.skillIds,
            skillExpression: request.skillExpression, languageId: request.languageId,
            utilizationLabel: request.utilizationLabel, externalTag: record.externalTag,
            state: record.state, agent: record.agent?.state,
            inboundMessages: record.inboundMessages, createdAt: record.createdAt,
            endedAt: record.endedAt)
    }
}
