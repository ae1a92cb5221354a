import Foundation

/// A conversation as the organization keeps it.
struct ConversationRecord: Sendable {
    struct Participant: Sendable {
        let id: UUID
        let purpose: String
        let name: String?
        let address: String?
        let started: String
        /// The other side of its media session.
        var peer: UUID?
        var attributes: [String: String]?
    }

    let id: UUID
    let request: CreateEmailRequest
    /// The name of the queue it was created for.
    let queueName: String?
    let createdAt: String
    var state: Sandbox.Conversation.State
    /// The customer's side first.
    var participants: [Participant]

    /// What a create makes: the customer's side, and for a queue the side that waits there.
    ///
    /// A flow takes a conversation to a queue only later.
    init(_ request: CreateEmailRequest, at time: String, settings: Sandbox.Settings) {
        id = UUID()
        self.request = request
        queueName = settings.queues.first { $0.id == request.queueId }?.name
        createdAt = time
        state = queueName == nil ? .inFlow : .queued
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
}

/// Every conversation, in the order of creation.
struct ConversationBook {
    private(set) var all: [ConversationRecord] = []
    private var indices: [UUID: Int] = [:]

    mutating func append(_ record: ConversationRecord) {
        indices[record.id] = all.count
        all.append(record)
    }

    subscript(_ id: String) -> ConversationRecord? {
        UUID(uuidString: id).flatMap { indices[$0] }.map { all[$0] }
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
            utilizationLabel: request.utilizationLabel, state: record.state,
            createdAt: record.createdAt)
    }
}
