import Outbox

/// Who has a thread open, and what wakes their streams.
///
/// However many streams are open, a commit wakes one task, and that at most once a second; it takes no more than
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
    static let pause = Duration.seconds(1)
    /// How many streams a login may have open; with one more, the oldest ends.
    static let mostOfASession = 20

    struct Sitting: Sendable {
        let agent: Agent
        /// The key of the login.
        let session: [UInt8]
        let wake: @Sendable () -> Void
        let end: @Sendable () -> Void
    }

    private let ticks: @Sendable () -> AsyncStream<Void>
    private let environment: Environment
    private var threads: [ThreadName: [Int: Sitting]] = [:]
    /// The oldest first.
    private var seats: [[UInt8]: [Seat]] = [:]
    private var writers: [ThreadName: [String: Duration]] = [:]
    private var count = 0
    private var following: Task<Void, Never>?

    init(_ store: any OutboxStore, _ environment: Environment) {
        ticks = { store.ticks() }
        self.environment = environment
    }

    func enter(_ thread: ThreadName, _ sitting: Sitting) -> Seat {
        if threads.isEmpty { following = Task { await follow() } }
        count += 1
        threads[thread, default: [:]][count] = sitting
        let seat = Seat(thread: thread, number: count)
        let own = seats[sitting.session, default: []] + [seat]
        seats[sitting.session] = own.suffix(Self.mostOfASession)
        if own.count > Self.mostOfASession { threads[own[0].thread]?[own[0].number]?.end() }
        wakeAll(at: thread)
        return seat
    }

    func leave(_ seat: Seat) {
        if let session = threads[seat.thread]?.removeValue(forKey: seat.number)?.session {
            seats[session]?.removeAll { $0 == seat }
            if seats[session]?.isEmpty == true { seats[session] = nil }
        }
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
            for sitting in threads.values.joined().map(\.value) { sitting.wake() }
            guard (try? await environment.sleep(until: environment.uptime() + Self.pause)) != nil
            else { return }
        }
    }
}
