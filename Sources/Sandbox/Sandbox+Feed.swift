/// The feed of notifications, as a test sees and changes it.
extension Sandbox {
    /// Returns as soon as exactly so many channels are connected to.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before.
    public func feedConnections(_ count: Int = 1) async throws {
        try await organization.until {
            $0.channels.all.filter { $0.connection != nil }.count == count
        }
    }

    /// Closes every connection of the feed without a word.
    public func cutFeed() async {
        await organization.cutFeed()
    }

    /// Sets what is wrong with the feed from now on.
    public func setFeed(_ faults: FeedFaults) async {
        await organization.change(faults)
    }

    /// What is wrong with the feed.
    public func feedFaults() async -> FeedFaults {
        await organization.feedFaults
    }
}
