/// What a test sees and changes.
extension Sandbox {
    /// Every conversation, the newest last.
    public func conversations() async -> [Conversation] {
        await organization.conversations.all.map(Conversation.init)
    }

    /// Every conversation, as soon as there are so many.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before.
    public func conversations(atLeast count: Int) async throws -> [Conversation] {
        try await organization.until { $0.conversations.all.count >= count }
        return await conversations()
    }

    /// The calls that the journal still keeps, the newest last, of paths that begin with `path`.
    public func journal(path: String = "") async -> [JournalEntry] {
        await organization.journal.entries(path: path, last: .max).map(JournalEntry.init)
    }

    /// The same of all calls, as soon as so many were made since the start.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before.
    public func journal(atLeast count: Int) async throws -> [JournalEntry] {
        try await organization.until { $0.journal.count >= count }
        return await journal()
    }

    /// Puts an agent on a conversation, or the agent who is there into another state.
    public func setAgent(
        _ state: Conversation.AgentState, on id: String
    ) async throws(UnknownConversation) {
        try await organization.setAgent(state, on: id)
    }

    /// Plans a fault, behind those planned before; one for ``Fault/Target/now`` strikes at once.
    public func plan(_ faults: Fault...) async {
        await control.plan(faults)
    }

    /// The faults that are still to strike.
    public func faults() async -> [Fault] {
        await organization.plan.faults
    }

    /// Drops all faults, lets held calls go on, and listens again if connections were refused.
    ///
    /// - Throws: NIO's `IOError` if the port was taken meanwhile.
    public func clearFaults() async throws {
        try await control.clearFaults()
    }

    /// Returns as soon as exactly so many calls are held by ``Fault/Action/hold``.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before.
    public func held(_ count: Int = 1) async throws {
        try await organization.until { $0.barrier.count == count }
    }

    /// Lets every held call go on, and returns how many there were.
    @discardableResult
    public func release() async -> Int {
        await organization.release()
    }

    /// Sets how many calls fit a window, `nil` for any number, and starts every window anew.
    public func allow(_ limit: Limit?) async {
        await organization.allow(limit)
    }

    public func settings() async -> Settings {
        await organization.settings
    }

    /// Changes settings, from the next call on.
    public func change(_ change: @Sendable (inout Settings) -> Void) async {
        await organization.change(change)
    }

    /// Becomes what it was at the start: no conversation, journal, fault or token is left.
    public func forget() async throws {
        try await control.forget()
    }
}
