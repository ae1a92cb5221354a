import Logging

/// A change of a gate that a person should hear of, once.
enum GateEvent: Equatable {
    case unreachable(DestinationName, reason: String)
    case unauthorized(DestinationName, reason: String)
    case reachable(DestinationName)
    case stopped(Route, reason: String)
    case resumed(RouteName)

    func log(to logger: Logger) {
        switch self {
        case .unreachable(let destination, let reason):
            logger.error(
                "destination unreachable",
                metadata: [
                    "destination": "\(destination)", "reason": "\(reason)",
                    "next":
                        "it is probed after 5 s, 30 s, then each minute; no entry ages meanwhile",
                ])
        case .unauthorized(let destination, let reason):
            logger.critical(
                "relay stopped: all routes",
                metadata: [
                    "destination": "\(destination)", "reason": "\(reason)",
                    "next": "correct the credentials; it resumes by itself within a minute",
                ])
        case .stopped(let route, let reason):
            logger.critical(
                "relay stopped: route",
                metadata: [
                    "route": "\(route.name)", "reason": "\(reason)",
                    "next": route.destination == .genesys
                        ? "correct the route's queue or the client's role; it is probed each minute"
                        : "correct the shop's callback; it is tried again each hour",
                ])
        case .reachable(let destination):
            logger.notice("destination reachable", metadata: ["destination": "\(destination)"])
        case .resumed(let route):
            logger.notice("relay resumed: route", metadata: ["route": "\(route)"])
        }
    }
}
