/// What a person may order for one entry.
public enum OperatorAction: Sendable, Equatable {
    /// Send again: `dead` at once; `held` and `in_doubt` only with `mayDouble`, since the destination
    /// may already have it.
    case retry(mayDouble: Bool)
    /// Never send: any open entry that is not being sent, and a dead one.
    case discard
    /// The person has seen it at the destination, under this name: `in_doubt` and `held` entries.
    case delivered(reference: String)
}
