/// What a look taught.
public enum Sighting: Sendable, Equatable {
    /// It is there, under this name; `note` tells of a second one, and what was done about it.
    case found(reference: String, note: String? = nil)
    /// It is not there: the source shows what was created after the attempt, and not this.
    case absent(String)
    /// It was not seen, which proves nothing: the source may be behind.
    case unseen(String)
    /// No source can be asked, for a reason that only a person can change.
    case blind(String)
    /// The sources could not be asked just now.
    case unavailable(String)

    /// One word for the log.
    public var label: String {
        switch self {
        case .found: "found"
        case .absent: "absent"
        case .unseen: "unseen"
        case .blind: "blind"
        case .unavailable: "unavailable"
        }
    }

    /// Why, or what else was seen.
    public var reason: String? {
        switch self {
        case .found(_, let note): note
        case .absent(let reason), .unseen(let reason), .blind(let reason),
            .unavailable(let reason):
            reason
        }
    }
}
