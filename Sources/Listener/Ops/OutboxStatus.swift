import ExactJSON
import Outbox

/// How the outbox and the relay are at one moment: what the page, the metrics and the JSON all show.
struct OutboxStatus: Sendable {
    let summary: OutboxSummary
    let relay: RelayStatus
    /// Calls of this month.
    let calls: [CallKind: Int]
    /// `nil` until there is one.
    let census: Census.Count?
    /// `nil` where nobody follows conversations.
    let feed: FeedStatus?
    let now: Timestamp

    func count(_ state: EntryState) -> Int { summary.counts[state] ?? 0 }

    var oldestPending: Duration? { summary.oldestPending.map { max(.zero, now - $0) } }

    var longestAwaiting: Duration? { summary.awaitingAgentSince.map { max(.zero, now - $0) } }

    /// How long what waits will take, as far as that can be told.
    var drain: Duration? {
        relay.drainEstimate(
            backlog: summary.backlog, busy: oldestPending ?? .zero)
    }

    var json: [JSON.Member] {
        [
            .init("counts", summary.counts.json),
            .init("oldest_pending_seconds", JSON(seconds: oldestPending)),
            .init(
                "awaiting_agent",
                [
                    "threads": JSON(summary.awaitingAgent),
                    "longest_seconds": JSON(seconds: longestAwaiting),
                    "forgotten": census.map { JSON($0.forgotten) } ?? .null,
                ]),
            .init("concerns", summary.concernCounts),
            .init("in_flight", JSON(relay.inFlight)),
            .init("delivered_last_minute", JSON(relay.deliveredLastMinute)),
            .init("drain_seconds", JSON(seconds: drain)),
            .init(
                "destinations",
                .array(relay.destinations.map { $0.json(summary.destinations[$0.name] ?? [:]) })),
            .init("routes", .array(relay.routes.map(\.json))),
            .init("feed", feed?.json(at: now) ?? .null),
            .init("calls_this_month", calls.json),
            .init("last_change", JSON(summary.lastChange)),
        ]
    }
}

extension RelayStatus.Destination {
    fileprivate func json(_ counts: [EntryState: Int]) -> JSON {
        [
            "name": .string(name.description), "counts": counts.json, "open": .bool(closed == nil),
            "closed": closed?.json ?? .null,
            "per_minute": perMinute.map { JSON(Int($0)) } ?? .null,
            "quota": quota?.json ?? .null,
            "stopped_calls": .object(
                stopped.sorted { $0.key.rawValue < $1.key.rawValue }
                    .map { .init($0.key.description, $0.value.json) }),
        ]
    }
}

extension [EntryState: Int] {
    fileprivate var json: JSON {
        .object(EntryState.allCases.map { .init($0.description, JSON(self[$0] ?? 0)) })
    }
}

extension OutboxSummary {
    fileprivate var concernCounts: JSON {
        .object(Concern.Kind.allCases.map { .init($0.description, JSON(concerns[$0] ?? 0)) })
    }
}

extension RelayStatus.Route {
    fileprivate var json: JSON {
        ["name": .string(name.description), "stopped": stopped?.json ?? .null]
    }
}

extension RelayStatus.Closure {
    fileprivate var json: JSON {
        [
            "reason": .string(reason), "seconds": JSON(seconds: lasting),
            "next_probe_seconds": JSON(seconds: nextProbe),
        ]
    }
}

extension FeedStatus {
    fileprivate func json(at now: Timestamp) -> JSON {
        func since(_ time: Timestamp?) -> JSON { JSON(seconds: time.map { max(.zero, now - $0) }) }
        return [
            "connected_seconds": since(connectedSince), "heard_seconds": since(heardAt),
            "trouble": JSON(trouble), "queues": JSON(queues),
            "rejected": .array(
                rejections.map {
                    [
                        "queue": .string($0.queue), "reason": JSON($0.reason),
                        "missing_permissions": .array($0.missingPermissions.map(JSON.string)),
                    ]
                }),
            "live": JSON(live), "reconciled_seconds": since(reconciledAt),
            "reconcile_trouble": JSON(reconcileTrouble),
        ]
    }
}

extension [CallKind: Int] {
    fileprivate var json: JSON {
        .object(CallKind.allCases.map { .init($0.description, JSON(self[$0] ?? 0)) })
    }
}

extension Quota {
    fileprivate var json: JSON {
        [
            "used": JSON(used), "allowed": JSON(allowed),
            "resets_in_seconds": JSON(seconds: resetsAfter),
        ]
    }
}

extension JSON {
    /// Whole seconds, rounded up; null where there are none.
    init(seconds duration: Duration?) {
        self = duration.map { JSON(Int64($0.seconds.rounded(.up))) } ?? .null
    }

    /// A moment in RFC 3339; null where there is none.
    init(_ moment: Timestamp?) { self.init(moment?.description) }
}
