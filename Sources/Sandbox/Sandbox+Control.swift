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

    /// Alerts an agent with a conversation that waits in a queue, and returns how that stands then.
    ///
    /// - Throws: ``UnknownConversation``; ``Refusal`` if there is no such agent, or it does not wait.
    @discardableResult
    public func offer(_ id: String, to agent: String) async throws -> Conversation {
        Conversation(try await organization.offer(id, to: agent))
    }

    /// Lets the alert of a conversation time out, which waits in its queue again.
    ///
    /// - Throws: ``UnknownConversation``; ``Refusal`` if it alerts nobody.
    @discardableResult
    public func letRing(_ id: String) async throws -> Conversation {
        Conversation(try await organization.letRing(id))
    }

    /// Takes a conversation from its flow to a queue.
    ///
    /// - Throws: ``UnknownConversation``; ``Refusal`` if there is no such queue, or it is in no flow.
    @discardableResult
    public func route(_ id: String, to queue: String) async throws -> Conversation {
        Conversation(try await organization.route(id, to: queue))
    }

    /// Ends a conversation for all its participants; one that has ended stays as it is.
    ///
    /// - Throws: ``UnknownConversation``.
    @discardableResult
    public func end(_ id: String, _ type: DisconnectType = .system) async throws -> Conversation {
        Conversation(try await organization.end(id, type))
    }

    /// A token that an agent has after logging in at a client of the authorization-code kind.
    ///
    /// - Throws: ``Refusal`` if there is no such agent.
    public func token(
        ofAgent id: String, client: String = Agent.defaultClient
    ) async throws -> String {
        try await organization.logIn(id, client: client).access_token
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
