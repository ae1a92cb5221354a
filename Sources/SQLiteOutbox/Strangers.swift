internal import Outbox

/// The last that was seen of conversations which are not known to be ours, or not yet.
///
/// Genesys may tell of a conversation before the answer to its creation is on the disk. What is lost here, with a
/// crash or to newer ones, is found out by whoever compares what is live.
struct Strangers {
    private static let most = 2000

    private var seen: [String: Observation] = [:]
    private var order: [String] = []

    mutating func add(_ observation: Observation) {
        if seen.updateValue(observation, forKey: observation.reference) == nil {
            order.append(observation.reference)
        }
        guard order.count > Self.most else { return }
        for old in order.prefix(Self.most / 2) { seen[old] = nil }
        order.removeFirst(Self.most / 2)
    }

    mutating func take(_ reference: String) -> Observation? {
        seen.removeValue(forKey: reference)
    }
}
