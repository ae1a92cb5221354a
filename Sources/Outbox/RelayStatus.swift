/// What the relay is doing right now, for the person on call.
public struct RelayStatus: Sendable, Equatable {
    public struct Destination: Sendable, Equatable {
        public var name: DestinationName
        /// Why nothing is sent to it; `nil` while it is.
        public var closed: Closure?
        /// The server's last word on its limit.
        public var quota: Quota?
        /// The ceiling, in calls a minute; `nil` without one.
        public var perMinute: Double?
        /// Kinds of calls that are stopped since too many of them fail.
        public var stopped: [CallKind: Closure]

        public init(
            name: DestinationName, closed: Closure?, quota: Quota?, perMinute: Double?,
            stopped: [CallKind: Closure] = [:]
        ) {
            self.name = name
            self.closed = closed
            self.quota = quota
            self.perMinute = perMinute
            self.stopped = stopped
        }
    }

    public struct Route: Sendable, Equatable {
        public var name: RouteName
        /// Why the route is stopped; `nil` while it is not.
        public var stopped: Closure?

        public init(name: RouteName, stopped: Closure?) {
            self.name = name
            self.stopped = stopped
        }
    }

    public struct Closure: Sendable, Equatable {
        public var reason: String
        /// For how long it has been closed.
        public var lasting: Duration
        /// Until the next probe; `nil` while one is under way.
        public var nextProbe: Duration?

        public init(reason: String, lasting: Duration, nextProbe: Duration?) {
            self.reason = reason
            self.lasting = lasting
            self.nextProbe = nextProbe
        }
    }

    public var destinations: [Destination]
    public var routes: [Route]
    /// Claims under way.
    public var inFlight: Int
    /// To Genesys.
    public var deliveredLastMinute: Int

    public init(
        destinations: [Destination], routes: [Route], inFlight: Int, deliveredLastMinute: Int
    ) {
        self.destinations = destinations
        self.routes = routes
        self.inFlight = inFlight
        self.deliveredLastMinute = deliveredLastMinute
    }
}

extension RelayStatus {
    /// How long `backlog` entries on their way to Genesys need; `nil` while nothing is sent, or where no pace is known.
    ///
    /// - Parameter busy: for how long there has been a backlog. From a minute on the pace is the one that
    ///   was seen, before that the slowest limit.
    public func drainEstimate(backlog: Int, busy: Duration = .zero) -> Duration? {
        let genesys = destinations.filter { $0.name == .genesys }
        guard genesys.allSatisfy({ $0.closed == nil && $0.stopped[.create] == nil }) else {
            return nil
        }
        let seen =
            busy >= .seconds(60) && deliveredLastMinute > 0 ? Double(deliveredLastMinute) : nil
        guard let pace = seen ?? genesys.compactMap(\.perMinute).min() else { return nil }
        return .seconds(Double(backlog) * 60 / pace)
    }
}
