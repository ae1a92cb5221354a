import ServiceLifecycle

/// Tells the service manager when the daemon serves and when it begins to stop.
///
/// Belongs last in its group, which stops services from the last one on.
struct Announcement: Service {
    let notifier: Notifier
    /// Returns once every face listens.
    let ready: @Sendable () async throws -> Void

    func run() async throws {
        try await ready()
        notifier.send(.ready)
        try await gracefulShutdown()
        notifier.send(.stopping)
    }
}
