/// A person who answers customers at Genesys.
public struct Agent: Hashable, Sendable {
    /// The user's id in the organisation.
    public var id: String
    /// As Genesys shows it to colleagues; `nil` where only the id is known.
    public var name: String?

    public init(id: String, name: String? = nil) {
        self.id = id
        self.name = name
    }
}

/// A queue in which conversations wait for agents.
public struct Queue: Hashable, Sendable {
    public var id: String
    public var name: String?

    public init(id: String, name: String? = nil) {
        self.id = id
        self.name = name
    }
}
