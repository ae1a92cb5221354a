/// One delivery of a message or an event: what the outbox keeps until it is settled.
public struct Entry: Sendable, Equatable {
    public let id: EntryID
    public let message: MessageID
    public let shop: ShopName
    public let thread: ThreadKey
    public let lane: LaneID
    public let kind: LaneKind
    public let destination: DestinationName
    public let route: RouteName
    public var state: EntryState
    /// When it is due next; only of a `pending` entry.
    public var dueAt: Timestamp?
    /// Attempts that count for the backoff: waiting for quota or for an unreachable destination does not.
    public var tries: Int
    /// Why it is in its state, for the person who reads it; `nil` for a fresh entry.
    public var reason: String?
    /// What the destination calls it, once delivered: the conversation's id.
    public var reference: String?
    /// How often nobody knew whether an attempt had arrived.
    public var doubts: Int
    /// It was sent again although it may have been there already.
    public var isPossibleDuplicate: Bool

    public init(
        id: EntryID, message: MessageID, shop: ShopName, thread: ThreadKey, lane: LaneID,
        kind: LaneKind = .message, destination: DestinationName = .genesys, route: RouteName,
        state: EntryState, dueAt: Timestamp?, tries: Int, reason: String?,
        reference: String?, doubts: Int = 0, isPossibleDuplicate: Bool = false
    ) {
        self.id = id
        self.message = message
        self.shop = shop
        self.thread = thread
        self.lane = lane
        self.kind = kind
        self.destination = destination
        self.route = route
        self.state = state
        self.dueAt = dueAt
        self.tries = tries
        self.reason = reason
        self.reference = reference
        self.doubts = doubts
        self.isPossibleDuplicate = isPossibleDuplicate
    }

    /// When the message was accepted: its number carries it.
    public var acceptedAt: Timestamp { message.drawnAt }
}

/// What a lane carries; the numbers are what the store keeps.
public enum LaneKind: Int, Sendable, CaseIterable, CustomStringConvertible {
    case message = 0
    /// Events never stand in the way of messages.
    case event = 1

    public var description: String {
        switch self {
        case .message: "message"
        case .event: "event"
        }
    }
}

public enum Lane {}
public typealias EntryID = Identifier<Entry>
public typealias MessageID = Identifier<Message>
public typealias LaneID = Identifier<Lane>

extension Identifier where Record == Entry {
    /// The first delivery of a message or event bears its own number, so one id serves shop, operator
    /// and marker alike.
    public init(firstOf message: MessageID) {
        self.init(rawValue: message.rawValue)
    }
}
