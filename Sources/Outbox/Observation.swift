/// What Genesys showed of a conversation at one moment.
///
/// Observations of one conversation are handed over in the order in which they were true.
public struct Observation: Sendable, Equatable {
    /// The conversation's id.
    public var reference: String
    public var stage: ConversationStage
    /// Where it waits or was handed out from last.
    public var queue: Queue?
    /// Who has it, or has it ringing; once it has ended, who had it last.
    public var agent: Agent?
    /// Whether an agent ever accepted it.
    public var wasAccepted: Bool
    /// How it ended; `nil` while it lasts.
    public var end: ConversationEnd?
    public var wrapUp: WrapUp?

    public init(
        reference: String, stage: ConversationStage, queue: Queue? = nil, agent: Agent? = nil,
        wasAccepted: Bool = false, end: ConversationEnd? = nil, wrapUp: WrapUp? = nil
    ) {
        self.reference = reference
        self.stage = stage
        self.queue = queue
        self.agent = agent
        self.wasAccepted = wasAccepted
        self.end = end
        self.wrapUp = wrapUp
    }
}

/// Where a conversation stands at Genesys; the numbers are what the store keeps: live ones lie below `ended`.
public enum ConversationStage: Int, Sendable, CaseIterable, CustomStringConvertible {
    /// In a flow or a queue.
    case waiting = 0
    /// Offered to an agent, who has not taken it yet.
    case alerting = 1
    case withAgent = 2
    /// An agent has put it aside for later.
    case parked = 3
    case ended = 4

    public var isLive: Bool { self != .ended }

    /// Whether a person has taken it on.
    public var hasAgent: Bool { self == .withAgent || self == .parked }

    public var description: String {
        switch self {
        case .waiting: "waiting"
        case .alerting: "alerting"
        case .withAgent: "with_agent"
        case .parked: "parked"
        case .ended: "ended"
        }
    }
}

/// Who ended a conversation; the texts are what the store keeps and shops are told.
public enum ConversationEnd: String, Sendable, CaseIterable {
    case agent
    /// Genesys itself or a flow: after 72 hours in a queue, outside opening hours, by inactivity.
    case system
    /// The side of the customer: the bridge itself, or somebody who disconnected all of it.
    case customer
    /// It has ended, and nobody has told how.
    case unknown
}

/// How an agent classified a conversation.
public struct WrapUp: Hashable, Sendable {
    public var code: String
    public var name: String?
    public var notes: String?

    public init(code: String, name: String? = nil, notes: String? = nil) {
        self.code = code
        self.name = name
        self.notes = notes
    }
}
