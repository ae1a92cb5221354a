public import Outbox
import Synchronization

/// A destination that answers as a test has told it to, and tells the test of each delivery.
public final class ScriptedDestination: Destination {
    private struct State {
        var reports: [String: [Report]] = [:]
        var held: [String: CheckedContinuation<Void, Never>?] = [:]
        var delivered: [EntryID] = []
    }

    public let name: DestinationName
    public let pacer: Pacer
    /// The message of each delivery as it begins.
    public let deliveries: AsyncStream<Message>
    private let begun: AsyncStream<Message>.Continuation
    private let state = Mutex(State())

    public init(
        _ name: DestinationName = .genesys, perMinute: Double? = nil, environment: Environment
    ) {
        self.name = name
        pacer = Pacer(perMinute: perMinute, environment: environment)
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

    /// Every entry that was answered with `delivered`, in that order.
    public var delivered: [EntryID] { state.withLock { $0.delivered } }

    public func deliver(_ claim: Claim) async -> Report {
        defer { pacer.finish(nil) }
        let delivery = claim.deliveries[0]
        let body = delivery.message?.body ?? ""
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isHeld = state.withLock { state in
                    guard state.held.keys.contains(body), !Task.isCancelled else { return false }
                    state.held[body] = continuation
                    return true
                }
                if let message = delivery.message { begun.yield(message) }
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
            state.delivered.append(delivery.entry.id)
            return Report(.delivered(reference: "conversation of \(body)"), status: 200)
        }
    }
}
