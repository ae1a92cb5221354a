/// What a person may order for one entry.
public enum OperatorAction: Sendable, Equatable {
    /// Send again: `dead` at once; `held` and `in_doubt` only with `mayDouble`, since the destination
    /// may already have it.
    case retry(mayDouble: Bool)
    /// Never send: any open entry that is not being sent, and a dead one.
    case discard
    /// The person has seen it at the destination, under this name: `in_doubt` and `held` entries.
    case delivered(reference: String)

    /// The state the action leads to.
    /// - Throws: `notAllowed` if it does not fit the entry's state.
    public func state(after state: EntryState) throws(StoreError) -> EntryState {
        switch (self, state) {
        case (.retry, .dead), (.retry(mayDouble: true), .inDoubt), (.retry(mayDouble: true), .held):
            return .pending
        case (.retry, .inDoubt), (.retry, .held):
            throw .notAllowed(
                "the destination may already have it: retry only if it may arrive twice")
        case (.retry, _):
            throw .notAllowed(
                "the entry is \(state): only dead, held and in_doubt ones are retried")
        case (.discard, .pending), (.discard, .inDoubt), (.discard, .held), (.discard, .dead):
            return .discarded
        case (.discard, .sending):
            throw .notAllowed("the entry is being sent: discard it once the attempt has ended")
        case (.discard, _):
            throw .notAllowed("the entry is \(state) already")
        case (.delivered, .inDoubt), (.delivered, .held):
            return .delivered
        case (.delivered, _):
            throw .notAllowed(
                "the entry is \(state): only held and in_doubt ones are settled by hand")
        }
    }
}
