import ExactJSON
import Outbox

extension Observation {
    /// Reads a queue's topic or `GET /api/v2/conversations/emails/{id}`.
    init?(email json: JSON, provider: String) {
        guard let snapshot = ConversationSnapshot(email: json) else { return nil }
        self.init(snapshot, provider: provider)
    }

    /// What a snapshot shows; `nil` if the conversation is none of this provider's.
    init?(_ snapshot: ConversationSnapshot, provider: String) {
        let customers = snapshot.customers(of: provider)
        guard !customers.isEmpty else { return nil }
        let agents = snapshot.sides.filter(\.isAgent)
        let stage = Self.stage(
            of: agents, hasEnded: snapshot.hasEnded || customers.allSatisfy(\.isOver))
        let last = agents.filter { $0.connectedAt != nil || $0.state == .connected }
            .newest(by: \.connectedAt)
        let holder =
            agents.filter { $0.state == .connected }.newest(by: \.connectedAt)
            ?? agents.filter { $0.state == .parked }.newest(by: \.connectedAt)
            ?? agents.filter { $0.state == .alerting }.newest(by: \.startedAt)
        self.init(
            reference: snapshot.id, stage: stage,
            queue: snapshot.queue, agent: (stage == .ended ? last : holder ?? last)?.agent,
            wasAccepted: last != nil || agents.contains { $0.state == .parked },
            end: stage == .ended ? .init(customers, last, snapshot.sides) : nil,
            wrapUp: last?.wrapUp)
    }

    private static func stage(
        of agents: [ConversationSnapshot.Side], hasEnded: Bool
    ) -> ConversationStage {
        let states = agents.map(\.state)
        if hasEnded { return .ended }
        if states.contains(.connected) { return .withAgent }
        if states.contains(.parked) { return .parked }
        return states.contains(.alerting) ? .alerting : .waiting
    }
}

extension ConversationEnd {
    /// Who ended it, as far as types and the order of ends tell.
    ///
    /// - Parameter agent: who had it last.
    fileprivate init(
        _ customers: [ConversationSnapshot.Side], _ agent: ConversationSnapshot.Side?,
        _ sides: [ConversationSnapshot.Side]
    ) {
        let customer = customers.newest(by: \.endedAt)
        let left = customer?.endedAt
        let hasLeft = customer?.disconnectType.map(Self.byOneself.contains) ?? false
        // Who disconnects all of it ends every side alike, at once.
        let wasFirst =
            !hasLeft || (agent?.endedAt).map { end in left.map { end < $0 } ?? true } ?? false
        if let type = agent?.disconnectType, Self.byOneself.contains(type), wasFirst {
            self = .agent
        } else if let type = customer?.disconnectType, Self.bySystem.contains(type) {
            self = .system
        } else if hasLeft {
            self = .customer
        } else if Self.isByFlow(sides) {
            self = .system
        } else if customer?.disconnectType == "peer", !Self.had(agent, until: left) {
            self = .customer
        } else {
            self = .unknown
        }
    }

    private static let byOneself: Set = [
        "client", "endpoint", "endpointdonotdisturb", "dndendpoint",
    ]
    private static let bySystem: Set = ["system", "timeout", "inactivity", "sessionexpired"]

    /// Whether a flow or a queue let go of it, rather than hand it on.
    private static func isByFlow(_ sides: [ConversationSnapshot.Side]) -> Bool {
        let others = sides.filter {
            !["customer", "external", "agent", "user"].contains($0.purpose)
        }
        guard let type = others.newest(by: \.endedAt)?.disconnectType else { return false }
        return byOneself.contains(type) || bySystem.contains(type)
    }

    /// Whether the agent still had it when the customer's side ended.
    private static func had(
        _ agent: ConversationSnapshot.Side?, until end: Timestamp?
    ) -> Bool {
        guard let agent, agent.disconnectType?.contains("transfer") != true else { return false }
        guard let gone = agent.endedAt, let end else { return true }
        return gone >= end
    }
}

extension ConversationSnapshot {
    /// Where it waits or was handed out from last.
    var queue: Queue? {
        let waiting = sides.filter { $0.isQueue && $0.queue != nil }.newest(by: \.startedAt)
        // A snapshot of the first moments may show no queue's side yet.
        return waiting?.queue ?? sides.last { $0.queue != nil }?.queue
    }
}

extension [ConversationSnapshot.Side] {
    /// The one whose time is the newest; of the same or none, the last.
    func newest(
        by time: (ConversationSnapshot.Side) -> Timestamp?
    ) -> ConversationSnapshot.Side? {
        enumerated().max { left, right in
            (time(left.element)?.milliseconds ?? .min, left.offset)
                < (time(right.element)?.milliseconds ?? .min, right.offset)
        }?.element
    }
}
