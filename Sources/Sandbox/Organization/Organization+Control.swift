import Foundation

/// What the sandbox's owner sees and changes.
extension Organization {
    func plan(_ faults: [Sandbox.Fault]) {
        plan.append(faults)
    }

    /// Drops the faults that have not struck yet, and lets held calls go on.
    func clearFaults() {
        plan = FaultPlan()
        release()
    }

    @discardableResult
    func release() -> Int {
        barrier.release()
    }

    func change<Failure: Error>(
        _ change: (inout Sandbox.Settings) throws(Failure) -> Void
    ) throws(Failure) {
        let seed = settings.seed
        try change(&settings)
        if settings.seed != seed {
            generator = SeededGenerator(seed: settings.seed)
        }
    }

    /// Sets another limit, and starts every window anew.
    func allow(_ limit: Sandbox.Limit?) {
        self.limit = limit
        windows = [:]
    }

    /// Becomes what it was at the start.
    func forget() {
        clearFaults()
        settings = options.settings
        generator = SeededGenerator(seed: settings.seed)
        limit = options.limit
        conversations = ConversationBook()
        journal = Journal(capacity: options.journalCapacity)
        tokens = [:]
        codes = [:]
        sessions = [:]
        windows = [:]
        shop = ShopBook()
        cutFeed()
        channels = ChannelBook()
        feedFaults = Sandbox.FeedFaults()
    }

    /// Returns once the condition holds, which is asked after every call.
    func until(_ holds: @escaping @Sendable (isolated Organization) -> Bool) async throws {
        guard !holds(self) else { return }
        let id = UUID()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    watchers[id] = Watcher(holds: holds, continuation: continuation)
                }
            }
        } onCancel: {
            Task { await self.stopWatching(id) }
        }
    }

    /// Lets those go on that wait for what has become true.
    func wake() {
        for (id, watcher) in watchers where watcher.holds(self) {
            watchers[id] = nil
            watcher.continuation.resume()
        }
    }

    private func stopWatching(_ id: UUID) {
        watchers.removeValue(forKey: id)?.continuation.resume(throwing: CancellationError())
    }

    /// Someone who waits for the organization to be in some state.
    struct Watcher {
        let holds: @Sendable (isolated Organization) -> Bool
        let continuation: CheckedContinuation<Void, any Error>
    }
}
