import Foundation

/// A party of a conversation, with the one session that it has.
struct Participant: Sendable {
    static let agentPurpose = "agent"
    static let queuePurpose = "acd"

    let id = UUID()
    /// The id of its session, which is that of its communication too.
    let session = UUID()
    let purpose: String
    let name: String?
    var address: String?
    /// The id of the agent whose side it is.
    var agent: String?
    /// The queue that it waits in, or that it was offered from; the customer's side has that of the others.
    var queue: Sandbox.Queue?
    let started: String
    /// An agent's side is alerting at first, unless the agent has begun it.
    var initialState = Sandbox.Conversation.AgentState.connected
    var state = Sandbox.Conversation.AgentState.connected
    /// When it was connected, which is at once for all but an agent's side.
    var connected: String?
    var ended: String?
    var disconnectType: Sandbox.DisconnectType?
    var heldSince: String?
    var parkedSince: String?
    /// When a parked one is to be taken up again.
    var resumes: String?
    /// The session of the other side.
    var peer: UUID?
    var attributes: [String: String]?
    var afterWork = AfterWork()

    var isAgent: Bool {
        purpose == Self.agentPurpose
    }

    /// When it began to alert, if it did.
    var startedAlerting: String? {
        initialState == .alerting ? started : nil
    }

    var isOver: Bool {
        state == .disconnected
    }

    /// Ends it, unless it has; an agent who had accepted it goes on to the after-call work, if there is any.
    mutating func end(at time: String, _ type: Sandbox.DisconnectType) {
        guard !isOver else { return }
        if isAgent, state != .alerting, afterWork.isPending {
            afterWork.started = time
        }
        state = .disconnected
        ended = time
        disconnectType = type
        heldSince = nil
        parkedSince = nil
        resumes = nil
    }
}

/// What an agent does about a conversation when it is over for them.
struct AfterWork: Sendable {
    var isRequired = false
    var started: String?
    var ended: String?
    var wrapup: Wrapup?
    var isSkipped = false

    /// Whether a code is still to be given.
    var isPending: Bool {
        isRequired && !isSkipped && wrapup?.provisional ?? true
    }

    /// How an agent is asked for the code.
    var prompt: String? {
        isRequired ? "mandatory" : nil
    }

    /// How it stands, in the words of `AfterCallWork`.
    var state: String {
        if isSkipped { return "skipped" }
        if !isRequired { return "notApplicable" }
        return isPending ? "pending" : "complete"
    }

    /// Takes a code down, which also may replace an earlier one; a provisional one ends nothing.
    mutating func wrapUp(_ wrapup: Wrapup, at time: String) {
        self.wrapup = wrapup
        guard !wrapup.provisional, started != nil else { return }
        ended = time
    }

    mutating func skip(at time: String) {
        isSkipped = true
        guard started != nil else { return }
        ended = ended ?? time
    }
}

/// The code an agent has closed a conversation with.
struct Wrapup: Encodable, Sendable {
    let code: String
    let name: String
    let notes: String?
    let tags: [String]
    let durationSeconds: Int?
    let endTime: String?
    let provisional: Bool
}
