import Logging
import Outbox
import ServiceLifecycle

/// Tells the service manager that the daemon is alive, only while every part of it answers.
///
/// A process can run on and do nothing: the writer stuck in the kernel, a queue blocked. So each round
/// asks every part, and `WATCHDOG=1` goes out once all have answered; the next round begins a tick later.
/// A part that stays silent ends the rounds, and the manager restarts the daemon.
struct Watchdog: Service {
    /// A part that has to answer.
    struct Pulse: Sendable {
        var name: String
        /// Returns once the part has come to the call.
        var answers: @Sendable () async -> Void

        init(_ name: String, answers: @escaping @Sendable () async -> Void) {
            self.name = name
            self.answers = answers
        }
    }

    let notifier: Notifier
    let pulses: [Pulse]
    /// What `systemctl status` shows, asked for once a round.
    let status: @Sendable () async -> String?
    let ticks: @Sendable () -> AsyncStream<Void>
    let logger: Logger

    /// - Parameter ticks: one tick begins a round, unless the last one is not over.
    init(
        notifier: Notifier, pulses: [Pulse],
        status: @escaping @Sendable () async -> String? = { nil },
        ticks: @escaping @Sendable () -> AsyncStream<Void>, logger: Logger
    ) {
        self.notifier = notifier
        self.pulses = pulses
        self.status = status
        self.ticks = ticks
        self.logger = logger
    }

    func run() async throws {
        guard notifier.isConnected else { return try await gracefulShutdown() }
        let round = Round()
        for await _ in ticks().cancelOnGracefulShutdown() {
            let silent = await round.begin(pulses.map(\.name))
            if !silent.isEmpty {
                logger.error(
                    "not alive: a part does not answer",
                    metadata: ["parts": "\(silent.joined(separator: ", "))"])
                continue
            }
            for pulse in pulses {
                // Not a child task: a part that never answers must not hold up the stop.
                Task {
                    await pulse.answers()
                    guard await round.answered(pulse.name) else { return }
                    notifier.send(.watchdog)
                    if let text = await status() { notifier.send(.status(text)) }
                }
            }
        }
    }

    /// Which parts have yet to answer.
    private actor Round {
        private var silent: Set<String> = []

        /// Begins a round unless one is under way, and returns who has not answered that one.
        func begin(_ names: [String]) -> [String] {
            guard silent.isEmpty else { return silent.sorted() }
            silent = Set(names)
            return []
        }

        /// Whether this was the last answer of the round.
        func answered(_ name: String) -> Bool {
            silent.remove(name)
            return silent.isEmpty
        }
    }
}

extension Watchdog {
    /// A tick at once and then one every `interval`; it does not matter if one is late.
    static func ticks(every interval: Duration) -> @Sendable () -> AsyncStream<Void> {
        {
            AsyncStream { continuation in
                let task = Task {
                    while !Task.isCancelled {
                        continuation.yield()
                        try? await Task.sleep(for: interval)
                    }
                }
                continuation.onTermination = { _ in task.cancel() }
            }
        }
    }
}
