/// What is done for a thread once its messages are delivered: which shops are told of what, and what becomes of
/// a customer whose conversation ended without an answer.
public struct Aftercare: Sendable, Equatable {
    /// What each shop wants to be told; a shop that is not among them has no callback.
    public var callbacks: [ShopName: Set<EventName>]
    /// How long after its end a conversation that no agent took is created again, the first time, the second, …;
    /// then a person has to see to it.
    public var recreateAfter: [Duration]
    /// Whether anybody sees to a customer whose conversation ended without an answer.
    public var seesToUnanswered: Bool

    public init(
        callbacks: [ShopName: Set<EventName>] = [:],
        recreateAfter: [Duration] = Self.standardWaits, seesToUnanswered: Bool = true
    ) {
        self.callbacks = callbacks
        self.recreateAfter = recreateAfter
        self.seesToUnanswered = seesToUnanswered
    }

    /// 5 minutes, 1, 8 and 24 hours: outlasts a night and a day of closed lines.
    public static let standardWaits: [Duration] = [300, 3600, 8 * 3600, 24 * 3600]
        .map { .seconds($0) }

    /// What becomes of a customer whose thread has neither a live conversation nor anything under way.
    ///
    /// - Parameters:
    ///   - end: of the thread's last conversation.
    ///   - recreations: how often it was created again for the same message.
    public func fate(
        wasAccepted: Bool, end: ConversationEnd, recreations: Int
    ) -> Fate {
        if wasAccepted { return .concern("an agent had it, and it ended without an answer") }
        if end == .customer { return .concern("it was disconnected before any agent took it") }
        guard recreations < recreateAfter.count else {
            return .concern(
                recreations == 0
                    ? "it ended before any agent took it"
                    : "it was created again \(recreations) times, and no agent took it")
        }
        return .recreate(after: recreateAfter[recreations])
    }

    public enum Fate: Sendable, Equatable {
        case recreate(after: Duration)
        /// A person has to see to it, for this reason.
        case concern(String)
    }
}
