/// Which threads a supervisor looks through.
public enum ThreadList: String, Sendable, CaseIterable {
    /// A customer waits for an answer.
    case waiting
    /// Its conversation ended without an answer; also where it is going to be created again by itself.
    case unanswered
    /// The shop did not take an answer.
    case refused
    /// Has a live conversation.
    case open
}

/// Where a list of threads goes on.
public struct ThreadPlace: Sendable, Equatable {
    public var since: Timestamp
    public var thread: Int64

    public init(since: Timestamp, thread: Int64) {
        self.since = since
        self.thread = thread
    }
}

public struct ThreadRow: Sendable, Equatable {
    public var place: ThreadPlace
    public var summary: ThreadSummary
    /// The customer's newest message; `nil` if it can no longer be read.
    public var message: Message?
    /// Of the conversation that `summary` names.
    public var conversation: ConversationRecord?
    /// Those of the thread, the newest `TranscriptPage.mostConversations`, oldest first.
    public var conversations: [String]
    /// The way its newest message takes to Genesys.
    public var route: RouteName?
    /// Why it is in the list, where a concern says so.
    public var reason: String?

    public init(
        place: ThreadPlace, summary: ThreadSummary, message: Message?,
        conversation: ConversationRecord?, conversations: [String], route: RouteName?,
        reason: String?
    ) {
        self.place = place
        self.summary = summary
        self.message = message
        self.conversation = conversation
        self.conversations = conversations
        self.route = route
        self.reason = reason
    }
}
