/// How soon an entry's turn comes, where more is due than may be sent.
public enum Urgency: Int, Sendable, CaseIterable {
    case new = 0
    /// Tried before.
    case retry = 1
    /// One of many that were ordered to be sent again at once.
    case bulk = 2
}

/// Whose turn it is, so that each urgency gets its share while all of them wait.
///
/// Of twenty slots fourteen are for new entries, four for retries and one for those sent again in bulk;
/// the twentieth is what the pacer keeps for looks. A turn that nobody uses goes to the most urgent.
struct Turns: Sendable {
    private static let weights = [14, 4, 1]
    private var credit = [0, 0, 0]

    /// Smooth weighted round robin: turns of one urgency are spread out.
    mutating func next(_ count: Int) -> [Urgency] {
        (0..<count).compactMap { _ in
            for urgency in credit.indices { credit[urgency] += Self.weights[urgency] }
            let most = credit.indices.max { (credit[$0], -$0) < (credit[$1], -$1) } ?? 0
            credit[most] -= Self.weights.reduce(0, +)
            return Urgency(rawValue: most)
        }
    }
}
