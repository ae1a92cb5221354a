/// The whole of it: every part made, tied together, started and stopped in order.
enum Daemon {
    /// Runs until a signal ends it.
    ///
    /// - Throws: `CommandFailure`: 69 where it cannot listen, 74 where the disk failed, 75 where another
    ///   bridge has the store.
    static func run(_ settings: Settings, notifier: Notifier) async throws {
        throw CommandFailure(.software, "serve is not wired yet")
    }
}
