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

    let store: any OutboxStore
    let environment: Environment
    let logger: Logger
    let wakeUps: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)
    var lines: [Line]
    var underWay: [Fence: Task<Void, Never>] = [:]
    private var turns = Turns()
    /// Ends of attempts that the store could not take yet.
    private var unsettled: [(Settlement, on: Int)] = []
    private var settleAt: Duration?
    private let sweepInterval: Duration
    private var sweepAt: Duration?

    /// - Parameters:
    ///   - lines: one for each destination.
    ///   - sweepInterval: how often entries are freed that nobody is going to settle.
    public init(
        store: any OutboxStore, lines: [Line], environment: Environment, logger: Logger,
        sweepInterval: Duration = .seconds(30)
    ) {
        self.store = store
        self.lines = lines
        self.environment = environment
        self.logger = logger
        self.sweepInterval = sweepInterval
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
            deliveredLastMinute: lines.filter { $0.destination.name == .genesys }
                .map { $0.throughput.lastMinute(at: uptime) }.reduce(0, +))
    }

    // MARK: Sending

    /// Sends all that may be sent now, and says at which uptime there may be more without a wake-up.
    private func pump() async -> Duration? {
        var next = [await settleAgain(), await sweep()].compactMap { $0 }.min()
        for index in lines.indices {
            next = [next, await look(on: index)].compactMap { $0 }.min()
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
                result = try await store.claim(
                    from: round.routes, turns: turns.next(slots),
                    joining: lines[index].destination.joins)
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
            guard claim.deliveries.allSatisfy({ $0.content != nil }) else {
                destination.pacer.giveBack(1)
                return await self.setAside(claim, on: index)
            }
            await self.finish(claim, with: await destination.deliver(claim), on: index)
        }
    }

    /// What can no longer be read would fail the same each time; what was to go with it goes without it.
    private func setAside(_ claim: Claim, on index: Int) async {
        let reason = "what is stored of it can no longer be read"
        let ends = claim.deliveries.map { delivery in
            Settlement.End(
                delivery.entry.id,
                delivery.content == nil
                    ? .dead(reason: reason)
                    : .retry(
                        at: environment.now(), counts: false,
                        reason: "a message that was to go with it can no longer be read"))
        }
        await finish(claim, with: Report(.refused(reason)), ends, on: index)
    }

    // MARK: Settling

    private func finish(_ claim: Claim, with report: Report, on index: Int) async {
        let ends = claim.deliveries.map { delivery in
            Settlement.End(
                delivery.entry.id,
                lines[index].policy.verdict(
                    on: report.outcome, of: delivery.entry, age: delivery.age,
                    now: environment.now(), chance: environment.chance()))
        }
        await finish(claim, with: report, ends, on: index)
    }

    private func finish(
        _ claim: Claim, with report: Report, _ ends: [Settlement.End], on index: Int
    ) async {
        let events = lines[index].end(
            claim, with: report.outcome, answered: report.status != nil, at: environment.uptime())
        for event in events { event.log(to: logger) }
        tellReach()
        for end in ends {
            logger.log(
                level: end.verdict.logLevel, "attempt ended",
                metadata: [
                    "entry": "\(end.entry)", "route": "\(claim.route.name)",
                    "outcome": "\(report.outcome.label)", "state": "\(end.verdict.state)",
                    "status": "\(report.status.map(String.init) ?? "-")",
                    "correlation": "\(report.correlation ?? "-")",
                ])
        }
        await settle(Settlement(fence: claim.fence, report: report, ends: ends), on: index)
        underWay[claim.fence] = nil
        wakeUps.continuation.yield()
    }

    private func settle(_ settlement: Settlement, on index: Int) async {
        let uptime = environment.uptime()
        do throws(StoreError) {
            try await store.settle(settlement)
            for end in settlement.ends {
                if end.verdict.state == .delivered { lines[index].throughput.count(at: uptime) }
                if let lookAt = end.verdict.lookAt {
                    lines[index].looks.expect(at: uptime + (lookAt - environment.now()))
                }
            }
        } catch {
            logger.error(
                "settling failed",
                metadata: [
                    "entry": "\(settlement.ends.map(\.entry.description).joined(separator: " "))",
                    "error": "\(error)",
                ])
            // What came of the attempt is known: only the disk is not ready for it.
            guard case .unavailable = error else { return }
            unsettled.append((settlement, index))
            settleAt = environment.uptime() + .seconds(1)
        }
    }

    /// Tries again to settle what could not be, and says when to do so next.
    private func settleAgain() async -> Duration? {
        guard let due = settleAt, due <= environment.uptime() else { return settleAt }
        settleAt = nil
        let waiting = unsettled
        unsettled = []
        for (settlement, index) in waiting { await settle(settlement, on: index) }
        return settleAt
    }

    /// Frees entries that stay `sending` though no delivery of them is under way.
    private func sweep() async -> Duration? {
        let due = sweepAt ?? environment.uptime() + sweepInterval
        sweepAt = due
        guard due <= environment.uptime() else { return due }
        sweepAt = environment.uptime() + sweepInterval
        let known = Set(underWay.keys).union(unsettled.map(\.0.fence))
        do throws(StoreError) {
            let swept = try await store.sweep(except: known)
            for entry in swept {
                logger.warning("abandoned attempt in doubt", metadata: ["entry": "\(entry)"])
            }
            guard !swept.isEmpty else { return sweepAt }
            for index in lines.indices { lines[index].looks.expect(at: environment.uptime()) }
        } catch {
            logger.error("sweeping failed", metadata: ["error": "\(error)"])
        }
        return sweepAt
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
        await stopLooking()
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
        settleAt = settleAt.map { _ in .zero }
        _ = await settleAgain()
    }
}

extension Verdict {
    var logLevel: Logger.Level {
        switch self {
        case .delivered: .info
        case .retry, .startOver, .resend: .notice
        case .inDoubt, .held, .dead: .warning
        }
    }
}
