/// One destination as the relay sees it: its gate, its routes, and how much is under way.
public struct Line: Sendable {
    public let destination: any Destination
    let policy: RetryPolicy
    /// How many claims may be under way at once.
    let concurrency: Int
    private var gate = Gate.destination
    private var routes: [Route: Gate]
    private let agesWhileFailing: Bool
    private var inFlight = 0
    var looks = LookSchedule()
    var throughput = Throughput()

    /// - Parameters:
    ///   - probing: how long a route that the destination refuses waits before it is tried again.
    ///   - agesWhileFailing: whether entries age also while a breaker stops most calls; then they end with
    ///     their lifetime, and a person hears of them, however long the destination fails.
    public init(
        _ destination: any Destination, routes: [RouteName], policy: RetryPolicy = RetryPolicy(),
        concurrency: Int = 16, probing: Gate = .route, agesWhileFailing: Bool = false
    ) {
        self.destination = destination
        self.policy = policy
        self.concurrency = concurrency
        self.agesWhileFailing = agesWhileFailing
        self.routes = Dictionary(
            uniqueKeysWithValues: routes.map { (Route($0, to: destination.name), probing) })
    }

    var room: Int { concurrency - inFlight }

    /// Routes to claim from together; a probe is one claim.
    struct Round: Equatable {
        var routes: [Route]
        var isProbe: Bool
    }

    func rounds(at uptime: Duration) -> [Round] {
        let open = routes.filter { $0.value.isOpen }.map(\.key)
        switch (gate.admission(at: uptime), destination.breakers.admission(.create)) {
        case (.closed, _), (_, .closed):
            return []
        case (.probe, _), (_, .probe):
            let candidates = open.isEmpty ? Array(routes.keys) : open
            return [Round(routes: candidates, isProbe: true)]
        case (.open, .open):
            let probes = routes.filter { $0.value.admission(at: uptime) == .probe }.map(\.key)
            return (open.isEmpty ? [] : [Round(routes: open, isProbe: false)])
                + probes.map { Round(routes: [$0], isProbe: true) }
        }
    }

    /// The next uptime, still to come, at which a closed gate lets a probe through.
    func nextProbe(after uptime: Duration) -> Duration? {
        guard gate.isOpen else { return gate.nextProbe(after: uptime) }
        let probes = routes.values.map { $0.nextProbe(after: uptime) }
        return (probes + [destination.breakers.nextProbe(.create)]).compactMap { $0 }.min()
    }

    mutating func begin(_ claim: Claim, probing: Bool) {
        inFlight += 1
        guard probing else { return }
        gate.beginProbe()
        routes[claim.route]?.beginProbe()
        _ = destination.breakers.admit(.create)
    }

    /// Moves the gates by what the attempt taught, and says what there is to tell.
    ///
    /// - Parameter answered: whether there was an answer, so that the destination can be reached.
    mutating func end(
        _ claim: Claim, with outcome: Outcome, answered: Bool = false, at uptime: Duration
    ) -> [GateEvent] {
        inFlight -= 1
        tellBreaker(outcome)
        let name = destination.name
        switch outcome {
        case .unreachable(let reason):
            routes[claim.route]?.abandonProbe(at: uptime)
            return gate.close(because: reason, at: uptime)
                ? [.unreachable(name, reason: reason)] : []
        case .unauthorized(let reason):
            routes[claim.route]?.abandonProbe(at: uptime)
            return gate.close(because: reason, at: uptime)
                ? [.unauthorized(name, reason: reason)] : []
        case .misconfigured(let reason):
            let reopened = gate.open()
            let stopped = routes[claim.route]?.close(because: reason, at: uptime) ?? false
            return (reopened ? [.reachable(name)] : [])
                + (stopped ? [.stopped(claim.route, reason: reason)] : [])
        case .delivered, .gone, .refused:
            let reopened = gate.open()
            let resumed = routes[claim.route]?.open() ?? false
            return (reopened ? [.reachable(name)] : [])
                + (resumed ? [.resumed(claim.route.name)] : [])
        case .throttled, .unknown, .failed:
            routes[claim.route]?.abandonProbe(at: uptime)
            if answered { return gate.open() ? [.reachable(name)] : [] }
            gate.abandonProbe(at: uptime)
            return []
        }
    }

    /// An answer in order, even a refusal, is no failure of the calls.
    private func tellBreaker(_ outcome: Outcome) {
        switch outcome {
        case .delivered, .gone, .refused, .misconfigured: destination.breakers.succeed(.create)
        case .unknown(let reason), .failed(_, let reason):
            destination.breakers.fail(.create, reason)
        case .unreachable, .unauthorized, .throttled: destination.breakers.abandon(.create)
        }
    }

    func status(at uptime: Duration) -> RelayStatus.Destination {
        let stopped = CallKind.allCases.compactMap { kind in
            destination.breakers.status(kind).map { (kind, $0) }
        }
        return RelayStatus.Destination(
            name: destination.name, closed: gate.status(at: uptime),
            quota: destination.pacer.quota, perMinute: destination.pacer.rate,
            stopped: Dictionary(uniqueKeysWithValues: stopped))
    }

    func routeStatus(at uptime: Duration) -> [RelayStatus.Route] {
        routes.map { RelayStatus.Route(name: $0.key.name, stopped: $0.value.status(at: uptime)) }
            .sorted { $0.name.description < $1.name.description }
    }

    var reach: [(Route, Bool)] {
        let isStopped = !agesWhileFailing && destination.breakers.status(.create) != nil
        let isOpen = gate.isOpen && !isStopped
        return routes.map { ($0.key, isOpen && $0.value.isOpen) }
    }
}
