/// Where the relay delivers to.
public protocol Destination: Sendable {
    var name: DestinationName { get }

    /// The pace of the calls a delivery makes.
    var pacer: Pacer { get }

    /// Whether several messages of a thread may go in one call, to join its live conversation.
    var joins: Bool { get }

    /// Tries once to deliver all of the claim, in its order.
    ///
    /// The relay has taken one slot of the pacer for it, which the destination finishes or gives back.
    /// If the task is cancelled after the request may have left, the outcome is `unknown`.
    func deliver(_ claim: Claim) async -> Report

    /// What of its calls works; the relay asks and tells it of deliveries, as `create`.
    var breakers: Breakers { get }

    /// Looks whether an earlier attempt arrived, with slots of its own.
    func look(for look: Look) async -> Sighting
}
