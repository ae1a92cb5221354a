/// Turns what a look taught into what becomes of its entry.
public struct DoubtPolicy: Sendable, Equatable {
    /// When to look, counted from the beginning of the doubt; ascending.
    public var lookAt: [Duration]
    /// What to do where nobody can tell.
    public var undecided: Undecided

    public enum Undecided: String, Sendable, CaseIterable {
        /// Leave it to a person.
        case hold
        /// Send it again, marked as a possible duplicate.
        case resend
    }

    /// - Parameter lookAt: at least one time.
    public init(
        lookAt: [Duration] = Self.standardLooks, undecided: Undecided = .hold
    ) {
        precondition(!lookAt.isEmpty, "a doubt needs at least one look")
        self.lookAt = lookAt
        self.undecided = undecided
    }

    /// After 5, 15 and 60 seconds, 3 and 5 minutes.
    public static let standardLooks: [Duration] = [5, 15, 60, 180, 300].map { .seconds($0) }

    /// - Parameter number: looks that counted before the coming one.
    func wait(before number: Int) -> Duration {
        switch number {
        case ..<1: lookAt[0]
        case ..<lookAt.count: max(.zero, lookAt[number] - lookAt[number - 1])
        // Once more after as long again, before it is given up.
        default: lookAt[lookAt.count - 1]
        }
    }

    /// - Parameter lifetime: reachable age at which an entry is not sent again.
    func verdict(
        on sighting: Sighting, of look: Look, lifetime: Duration, now: Timestamp
    ) -> Verdict {
        let next = now + wait(before: look.number + 1)
        let isLast = look.number >= lookAt.count
        if look.entry.state == .delivered { return checked(sighting, look, isLast ? nil : next) }
        switch sighting {
        case .found(let reference, let note):
            return .delivered(reference: reference, note: note)
        case .absent(let reason) where look.age >= lifetime:
            return .dead(reason: "gave up after \(lifetime.inWords): \(reason)")
        case .absent(let reason):
            return .retry(at: now, counts: false, reason: reason)
        case .unseen(let reason) where !isLast:
            return .inDoubt(reason: reason, lookAt: next)
        case .unseen(let reason), .blind(let reason):
            return undecided == .resend ? .resend(reason: reason) : .held(reason: reason)
        case .unavailable(let reason):
            return .inDoubt(reason: reason, lookAt: now + wait(before: look.number), counts: false)
        }
    }

    /// A delivered entry stays so; a look finds a second one, or in the end nothing more.
    private func checked(_ sighting: Sighting, _ look: Look, _ next: Timestamp?) -> Verdict {
        switch sighting {
        case .found(let reference, let note):
            .delivered(reference: note == nil ? look.entry.reference : reference, note: note)
        case .unseen, .unavailable:
            .delivered(reference: look.entry.reference, lookAt: next)
        case .absent, .blind:
            .delivered(reference: look.entry.reference)
        }
    }
}
