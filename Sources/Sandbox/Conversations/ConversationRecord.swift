import Foundation

/// A conversation as the organization keeps it.
struct ConversationRecord: Sendable {
    /// What stays as it was created; shared, for a search copies each record that it looks at.
    private final class Creation: Sendable {
        let request: CreateEmailRequest
        let text: String

        init(_ request: CreateEmailRequest, at text: String) {
            self.request = request
            self.text = text
        }
    }

    let id = UUID()
    private let creation: Creation
    let created: Date
    /// The customer's side first, then the queues and agents in the order in which they came.
    var participants: [Participant]
    /// The queue that it is in, or was in last.
    var queue: Sandbox.Queue?
    /// When it began to wait for an agent, while it does.
    var waitingSince: Date?
    var externalTag: String?
    var ended: Date?
    /// How many messages have joined it since its creation.
    var inboundMessages = 0

    /// What a create makes: the customer's side, and for a queue the side that waits there.
    ///
    /// A flow takes a conversation to a queue only later.
    init(_ request: CreateEmailRequest, at now: Date, settings: Sandbox.Settings) {
        let time = now.apiText
        creation = Creation(request, at: time)
        created = now
        participants = [
            Participant(
                purpose: settings.purpose.rawValue, name: request.fromName,
                address: request.fromAddress, started: time, connected: time,
                attributes: request.attributes)
        ]
        if let queue = settings.queues.first(where: { $0.id == request.queueId }) {
            enter(queue, at: now)
        }
    }

    /// What a create of outbound mail makes: the customer's side, and that of the agent who writes it.
    init(
        _ request: CreateEmailRequest, by agent: Sandbox.Agent, at now: Date,
        settings: Sandbox.Settings
    ) {
        let time = now.apiText
        creation = Creation(request, at: time)
        created = now
        let queue = settings.queues.first { $0.id == request.queueId }
        self.queue = queue
        let customer = Participant(
            purpose: Sandbox.Purpose.customer.rawValue, name: request.toName,
            address: request.toAddress, queue: queue, started: time, connected: time,
            attributes: request.attributes)
        let writer = Participant(
            purpose: Participant.agentPurpose, name: agent.name,
            address: queue?.outboundAddress, agent: agent.id, queue: queue, started: time,
            connected: time, peer: customer.session,
            afterWork: AfterWork(isRequired: settings.wrapupRequired))
        participants = [customer, writer]
        participants[0].peer = writer.session
    }

    var request: CreateEmailRequest {
        creation.request
    }

    var createdAt: String {
        creation.text
    }

    var state: Sandbox.Conversation.State {
        if ended != nil { return .ended }
        return queue == nil ? .inFlow : .queued
    }

    var endedAt: String? {
        ended?.apiText
    }

    /// Where the agent's side stands who has it, or had it last.
    var agentIndex: Int? {
        participants.lastIndex { $0.isAgent && !$0.isOver }
            ?? participants.lastIndex { $0.isAgent }
    }

    var agent: Participant? {
        agentIndex.map { participants[$0] }
    }

    /// Where the side is that waits in a queue.
    var waitingIndex: Int? {
        participants.lastIndex { $0.purpose == Participant.queuePurpose && !$0.isOver }
    }

    /// Gives a participant more attributes, or others in place of all that it has.
    mutating func update(_ attributes: [String: String], of index: Int, replacing: Bool) {
        let old = replacing ? [:] : participants[index].attributes ?? [:]
        participants[index].attributes = old.merging(attributes) { $1 }
    }
}

extension Sandbox.Conversation {
    init(_ record: ConversationRecord) {
        let request = record.request
        let customer = record.participants.first
        self.init(
            id: record.id.text, provider: request.provider, subject: request.subject,
            toAddress: request.toAddress, toName: request.toName,
            fromAddress: request.fromAddress, fromName: request.fromName,
            queueId: record.queue?.id, flowId: request.flowId,
            attributes: customer?.attributes ?? [:],
            priority: request.priority, skillIds: request.skillIds,
            skillExpression: request.skillExpression, languageId: request.languageId,
            utilizationLabel: request.utilizationLabel, externalTag: record.externalTag,
            state: record.state, agent: record.agent?.state, agentId: record.agent?.agent,
            agentParticipantId: record.agent?.id.text,
            disconnectType: customer?.disconnectType,
            wrapupCode: record.agent?.afterWork.wrapup?.code,
            inboundMessages: record.inboundMessages, createdAt: record.createdAt,
            endedAt: record.endedAt)
    }
}
