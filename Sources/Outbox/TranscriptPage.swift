/// A part of a thread, with all that the agent's tab shows around it.
public struct TranscriptPage: Sendable, Equatable {
    /// How many conversations it names.
    public static let mostConversations = 20

    public var summary: ThreadSummary
    /// As its shop names the customer who wrote first.
    public var customer: String?
    /// Oldest first.
    public var messages: [Transcript.Line]
    public var hasOlder: Bool
    /// The customer's newest message.
    public var question: MessageID?
    /// What the thread is about: the customer's newest message with an order, looked for among the newest 200 of
    /// the thread, else their newest at all; `nil` if that can no longer be read.
    public var about: Message?
    /// Oldest first, the newest `mostConversations`.
    public var conversations: [ConversationRecord]
    /// Oldest first, the newest twenty.
    public var linked: [LinkedConversation]

    public init(
        summary: ThreadSummary, customer: String?, messages: [Transcript.Line], hasOlder: Bool,
        question: MessageID?, about: Message?, conversations: [ConversationRecord],
        linked: [LinkedConversation]
    ) {
        self.summary = summary
        self.customer = customer
        self.messages = messages
        self.hasOlder = hasOlder
        self.question = question
        self.about = about
        self.conversations = conversations
        self.linked = linked
    }
}
