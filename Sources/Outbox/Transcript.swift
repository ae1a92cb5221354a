/// All that is kept of a thread.
public struct Transcript: Sendable, Equatable {
    public var summary: ThreadSummary
    /// Oldest first.
    public var messages: [Line]
    /// Its conversations at Genesys, oldest first.
    public var conversations: [ConversationRecord]

    /// A message and what became of its delivery.
    public struct Line: Sendable, Equatable {
        public var id: MessageID
        public var direction: Message.Direction
        /// `nil` if what is stored can no longer be read.
        public var message: Message?
        /// Of its newest delivery; `nil` for a message that is delivered to nobody.
        public var state: EntryState?
        public var reason: String?
        /// That delivery.
        public var entry: EntryID?
        /// The conversations that a customer's message came to first and last, as far as it was delivered.
        public var conversations: [String]
        /// Until when its author may take it back, at the least; `nil` once it is on its way.
        public var withdrawableUntil: Timestamp?
        /// Taken back by its author: no shop is shown it.
        public var isWithdrawn: Bool

        public init(
            id: MessageID, direction: Message.Direction, message: Message?, state: EntryState?,
            reason: String?, entry: EntryID? = nil, conversations: [String] = [],
            withdrawableUntil: Timestamp? = nil,
            isWithdrawn: Bool = false
        ) {
            self.id = id
            self.direction = direction
            self.message = message
            self.state = state
            self.reason = reason
            self.entry = entry
            self.conversations = conversations
            self.withdrawableUntil = withdrawableUntil
            self.isWithdrawn = isWithdrawn
        }

        public var at: Timestamp { id.drawnAt }
    }

    public init(summary: ThreadSummary, messages: [Line], conversations: [ConversationRecord]) {
        self.summary = summary
        self.messages = messages
        self.conversations = conversations
    }
}

/// A thread in a line.
public struct ThreadSummary: Sendable, Equatable {
    public var thread: ThreadName
    public var status: ThreadStatus
    /// Since when it has that status.
    public var since: Timestamp
    public var awaiting: Awaiting
    /// The live conversation, else the last one.
    public var conversation: String?

    public init(
        thread: ThreadName, status: ThreadStatus, since: Timestamp, awaiting: Awaiting,
        conversation: String?
    ) {
        self.thread = thread
        self.status = status
        self.since = since
        self.awaiting = awaiting
        self.conversation = conversation
    }
}

/// The conversations of a thread on both sides of one of them, oldest first.
public struct ConversationNeighbours: Sendable, Equatable {
    /// How many it names on each side.
    public static let most = 20

    public var earlier: [ConversationRecord]
    public var later: [ConversationRecord]

    public init(earlier: [ConversationRecord], later: [ConversationRecord]) {
        self.earlier = earlier
        self.later = later
    }
}

public typealias ConversationID = Identifier<ConversationRecord>

/// A conversation at Genesys as it is known here.
public struct ConversationRecord: Sendable, Equatable {
    public var observation: Observation
    /// When it was created, as far as it is known here.
    public var began: Timestamp
    /// Since when it has been in its stage.
    public var since: Timestamp

    public init(observation: Observation, began: Timestamp, since: Timestamp) {
        self.observation = observation
        self.began = began
        self.since = since
    }
}
