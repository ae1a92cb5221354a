public import Logging
public import QueueExecutor
public import ServiceLifecycle

/// Takes what is due out of the outbox, delivers it and settles it, on a Dispatch queue of its own.
///
/// It wakes when the store has committed, when a delivery has ended, and when the next entry, slot or
/// probe is due: one alarm, no polling. A slot of the pacer is taken before the claim, so that the
/// intent on the disk is never older than the wait for its own commit.
public actor Relay: Service {
    public nonisolated let executor = QueueExecutor(label: "relay")
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// How long deliveries under way may take after the order to stop; then they are cancelled and in doubt.
    static let drainLimit = Duration.seconds(20)

    private let store: any OutboxStore
    private let policy: RetryPolicy
    private let environment: Environment
    private let logger: Logger
    private let wakeUps: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)
    private var lines: [Line]
    private var underWay: [Fence: Task<Void, Never>] = [:]
    private var throughput = Throughput()

    /// - Parameter lines: one for each destination.
    public init(
        store: any OutboxStore, lines: [Line], policy: RetryPolicy, environment: Environment,
        logger: Logger
    ) {
        self.store = store
        self.lines = lines
        self.policy = policy
        self.environment = environment
        self.logger = logger
        wakeUps = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    public func run() async throws {
        let wake = wakeUps.continuation
        let alarm = environment.alarm { wake.yield() }
        let ticks = store.ticks()
        let listening = Task { for await _ in ticks { wake.yield() } }
        defer { listening.cancel() }
        tellReach()
        await withGracefulShutdownHandler {
            for await _ in wakeUps.stream {
                if Task.isShuttingDownGracefully { break }
                alarm.set(await pump())
            }
        } onGracefulShutdown: {
            wake.yield()
        }
        await drain(alarm)
    }

    public var status: RelayStatus {
        let uptime = environment.uptime()
        return RelayStatus(
            destinations: lines.map { $0.status(at: uptime) },
            routes: lines.flatMap { $0.routeStatus(at: uptime) },
            inFlight: underWay.count,
            deliveredLastMinute: throughput.lastMinute(at: uptime))
    }

    // MARK: Sending

    /// Sends all that may be sent now, and says at which uptime there may be more without a wake-up.
    private func pump() async -> Duration? {
        var next: Duration?
        for index in lines.indices {
            for round in lines[index].rounds(at: environment.uptime()) {
                let due = await send(round, on: index)
                next = [next, due].compactMap { $0 }.min()
            }
            next = [next, lines[index].nextProbe(after: environment.uptime())].compactMap { $0 }
                .min()
        }
        return next
    }

    /// Claims and sends until this round has no more: nothing due, no slot, or no room.
    private func send(_ round: Line.Round, on index: Int) async -> Duration? {
        while true {
            let room = round.isProbe ? 1 : lines[index].room
            guard room > 0 else { return nil }
            let pacer = lines[index].destination.pacer
            let (slots, retryAt) = pacer.take(room)
            guard slots > 0 else { return retryAt }
            let result: ClaimResult
            do {
                result = try await store.claim(from: round.routes, limit: slots)
            } catch {
                pacer.giveBack(slots)
                logger.error("claiming failed", metadata: ["error": "\(error)"])
                return nil
            }
            pacer.giveBack(slots - result.claims.count)
            for claim in result.claims {
                lines[index].begin(claim, probing: round.isProbe)
                start(claim, on: index)
            }
            if round.isProbe || result.claims.count < slots {
                return result.nextDue.map { environment.uptime() + ($0 - environment.now()) }
            }
        }
    }

    private func start(_ claim: Claim, on index: Int) {
        let destination = lines[index].destination
        underWay[claim.fence] = Task {
            let report =
                claim.deliveries.contains { $0.message == nil }
                ? unreadable(destination.pacer) : await destination.deliver(claim)
            await self.finish(claim, with: report, on: index)
        }
    }

    /// A payload that no longer reads as a message would fail the same each time.
    private nonisolated func unreadable(_ pacer: Pacer) -> Report {
        pacer.giveBack(1)
        return Report(.refused("the stored message can no longer be read"))
    }

    // MARK: Settling

    private func finish(_ claim: Claim, with report: Report, on index: Int) async {
        let events = lines[index].end(claim, with: report.outcome, at: environment.uptime())
        for event in events { event.log(to: logger) }
        if !events.isEmpty { tellReach() }
        for delivery in claim.deliveries {
            let verdict = policy.verdict(
                on: report.outcome, tries: delivery.entry.tries, age: delivery.age,
                now: environment.now(), chance: environment.chance())
            await settle(delivery.entry, claim, report, verdict)
        }
        underWay[claim.fence] = nil
        wakeUps.continuation.yield()
    }

    private func settle(
        _ entry: Entry, _ claim: Claim, _ report: Report, _ verdict: Verdict
    ) async {
        let metadata: Logger.Metadata = [
            "entry": "\(entry.id)", "route": "\(claim.route.name)",
            "outcome": "\(report.outcome.label)", "state": "\(verdict.state)",
            "status": "\(report.status.map(String.init) ?? "-")",
            "correlation": "\(report.correlation ?? "-")",
        ]
        do {
            try await store.settle(
                Settlement(entry: entry.id, fence: claim.fence, report: report, verdict: verdict))
            if case .delivered = verdict { throughput.count(at: environment.uptime()) }
            logger.log(level: verdict.logLevel, "attempt settled", metadata: metadata)
        } catch {
            logger.error(
                "settling failed",
                metadata: metadata.merging(["error": "\(error)"]) { $1 })
        }
    }

    /// The store ages the entries of a route only while it is reachable.
    private func tellReach() {
        for line in lines {
            for (route, reachable) in line.reach { store.setReachable(reachable, route) }
        }
    }

    // MARK: Stopping

    /// Lets deliveries under way end, then cancels what is left; every one of them is settled.
    private func drain(_ alarm: any Alarm) async {
        // Without a delivery under way nothing would wake it before the deadline.
        guard !underWay.isEmpty else { return }
        let deadline = environment.uptime() + Self.drainLimit
        alarm.set(deadline)
        logger.info("draining", metadata: ["inFlight": "\(underWay.count)"])
        for await _ in wakeUps.stream where underWay.isEmpty || environment.uptime() >= deadline {
            break
        }
        for task in underWay.values { task.cancel() }
        for task in underWay.values { await task.value }
    }
}

extension Verdict {
    fileprivate var logLevel: Logger.Level {
        switch self {
        case .delivered: .info
        case .retry: .notice
        case .inDoubt, .held, .dead: .warning
        }
    }
}
