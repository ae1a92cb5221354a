import Outbox

/// Who has a thread open, and what wakes their streams.
///
/// However many streams are open, a commit wakes one task, and that at most twice a second; it takes no more than
/// to yield once for each stream, each of which then looks up its own thread's mark.
actor Presence {
    struct Colleague: Sendable, Equatable {
        var agent: Agent
        var isWriting: Bool
    }

    struct Seat: Hashable, Sendable {
        fileprivate let thread: ThreadName
        fileprivate let number: Int
    }

    /// For how long a draft that was kept counts as writing.
    static let writing = Duration.seconds(8)
    /// Between two looks after commits.
    static let pause = Duration.milliseconds(500)

    private struct Sitting {
        let agent: Agent
        let wake: @Sendable () -> Void
    }

    private let ticks: @Sendable () -> AsyncStream<Void>
    private let environment: Environment
    private var threads: [ThreadName: [Int: Sitting]] = [:]
    private var writers: [ThreadName: [String: Duration]] = [:]
    private var count = 0
    private var following: Task<Void, Never>?

    init(_ store: any OutboxStore, _ environment: Environment) {
        ticks = { store.ticks() }
        self.environment = environment
    }

    func enter(
        _ thread: ThreadName, _ agent: Agent, wake: @escaping @Sendable () -> Void
    ) -> Seat {
        if threads.isEmpty { following = Task { await follow() } }
        count += 1
        threads[thread, default: [:]][count] = Sitting(agent: agent, wake: wake)
        wakeAll(at: thread)
        return Seat(thread: thread, number: count)
    }

    func leave(_ seat: Seat) {
        threads[seat.thread]?[seat.number] = nil
        if threads[seat.thread]?.isEmpty == true {
            threads[seat.thread] = nil
            writers[seat.thread] = nil
        }
        if threads.isEmpty {
            following?.cancel()
            following = nil
        }
        wakeAll(at: seat.thread)
    }

    /// An agent writes now, or has just ended.
    func set(isWriting: Bool, _ agent: Agent, in thread: ThreadName) {
        guard threads[thread] != nil else { return }
        let before = writers[thread]?[agent.id]
        writers[thread, default: [:]][agent.id] =
            isWriting ? environment.uptime() + Self.writing : nil
        if isWriting != (before.map { environment.uptime() < $0 } ?? false) {
            wakeAll(at: thread)
        }
    }

    /// The others who have a thread open, by their ids.
    /// - Returns: with the uptime at which one of them counts as writing no more.
    func colleagues(
        of agent: Agent, in thread: ThreadName
    ) -> (all: [Colleague], until: Duration?) {
        let now = environment.uptime()
        let writing = writers[thread]?.filter { now < $0.value && $0.key != agent.id } ?? [:]
        var found: [String: Colleague] = [:]
        for sitting in threads[thread]?.values ?? [:].values where sitting.agent.id != agent.id {
            found[sitting.agent.id] = Colleague(
                agent: sitting.agent, isWriting: writing[sitting.agent.id] != nil)
        }
        return (found.values.sorted { $0.agent.id < $1.agent.id }, writing.values.min())
    }

    private func wakeAll(at thread: ThreadName) {
        for sitting in threads[thread]?.values ?? [:].values { sitting.wake() }
    }

    private func follow() async {
        for await _ in ticks() {
            for thread in threads.keys { wakeAll(at: thread) }
            guard (try? await environment.sleep(until: environment.uptime() + Self.pause)) != nil
            else { return }
        }
    }
}
