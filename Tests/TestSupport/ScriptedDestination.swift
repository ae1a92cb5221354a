import Logging
public import Outbox
import Synchronization

/// A destination that answers as a test has told it to, and tells the test of each delivery.
public final class ScriptedDestination: Destination {
    private struct State {
        var reports: [String: [Report]] = [:]
        var held: [String: CheckedContinuation<Void, Never>?] = [:]
        var delivered: [EntryID] = []
        var sightings: [EntryID: [Sighting]] = [:]
        var looked: [Look] = []
    }

    public let name: DestinationName
    public let joins: Bool
    public let pacer: Pacer
    public let breakers: Breakers
    /// The message of each delivery as it begins.
    public let deliveries: AsyncStream<Message>
    private let begun: AsyncStream<Message>.Continuation
    private let state = Mutex(State())

    public init(
        _ name: DestinationName = .genesys, joins: Bool = false, perMinute: Double? = nil,
        environment: Environment
    ) {
        self.name = name
        self.joins = joins
        pacer = Pacer(perMinute: perMinute, environment: environment)
        breakers = Breakers(
            name, environment: environment,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        (deliveries, begun) = AsyncStream.makeStream()
    }

    /// Answers the next deliveries of the message with this body so, and `delivered` from then on.
    public func answer(_ body: String, with outcomes: Outcome...) {
        state.withLock { $0.reports[body, default: []] += outcomes.map { Report($0) } }
    }

    /// Keeps deliveries of the message with this body under way until `release`.
    public func hold(_ body: String) {
        state.withLock { $0.held[body] = .some(nil) }
    }

    public func release(_ body: String) {
        let waiting = state.withLock { $0.held.removeValue(forKey: body) ?? nil }
        waiting?.resume()
    }

    /// Shows the next looks for this entry so, and nothing from then on.
    public func show(_ sightings: Sighting..., of entry: EntryID) {
        state.withLock { $0.sightings[entry, default: []] += sightings }
    }

    /// Every look, in that order.
    public var looked: [Look] { state.withLock { $0.looked } }

    /// Every entry that was answered with `delivered`, in that order.
    public var delivered: [EntryID] { state.withLock { $0.delivered } }

    public func look(for look: Look) async -> Sighting {
        state.withLock { state in
            state.looked.append(look)
            guard let sightings = state.sightings[look.entry.id], let first = sightings.first
            else { return .unseen("nothing was seen") }
            state.sightings[look.entry.id] = Array(sightings.dropFirst())
            return first
        }
    }

    public func deliver(_ claim: Claim) async -> Report {
        defer { pacer.finish(nil) }
        let messages = claim.deliveries.compactMap(\.content?.message)
        let body = messages.first?.body ?? ""
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isHeld = state.withLock { state in
                    guard state.held.keys.contains(body), !Task.isCancelled else { return false }
                    state.held[body] = continuation
                    return true
                }
                for message in messages { begun.yield(message) }
                if !isHeld { continuation.resume() }
            }
        } onCancel: {
            release(body)
        }
        if Task.isCancelled { return Report(.unknown("cancelled")) }
        return state.withLock { state in
            if let reports = state.reports[body], let first = reports.first {
                state.reports[body] = Array(reports.dropFirst())
                return first
            }
            state.delivered += claim.deliveries.map(\.entry.id)
            return Report(.delivered(reference: "conversation of \(body)"), status: 200)
        }
    }
}
