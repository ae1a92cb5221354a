/// A customer who would be left without an answer unless somebody sees to it.
public struct Concern: Sendable, Equatable {
    /// The numbers are what the store keeps.
    public enum Kind: Int, Sendable, CaseIterable, CustomStringConvertible {
        /// The conversation is going to be created again by itself.
        case again = 0
        /// Ended without an answer: a person creates it again, answers or dismisses it.
        case unanswered = 1
        /// The shop did not take an answer: a person corrects it, retries it or gives it up.
        case refused = 2

        public var description: String {
            switch self {
            case .again: "again"
            case .unanswered: "unanswered"
            case .refused: "refused"
            }
        }
    }

    public var kind: Kind
    public var thread: ThreadName
    public var since: Timestamp
    /// When it is created again.
    public var dueAt: Timestamp?
    /// The answer that was refused.
    public var entry: EntryID?
    /// Why, for the person who sees to it; with a refused answer in the shop's own words.
    public var reason: String

    public init(
        kind: Kind, thread: ThreadName, since: Timestamp, dueAt: Timestamp?, entry: EntryID?,
        reason: String
    ) {
        self.kind = kind
        self.thread = thread
        self.since = since
        self.dueAt = dueAt
        self.entry = entry
        self.reason = reason
    }
}

/// A thread by the name its shop knows it by.
public struct ThreadName: Hashable, Sendable {
    public var shop: ShopName
    public var key: ThreadKey

    public init(_ shop: ShopName, _ key: ThreadKey) {
        self.shop = shop
        self.key = key
    }
}
