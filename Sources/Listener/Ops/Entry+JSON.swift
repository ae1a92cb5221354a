import ExactJSON
import Outbox

extension Entry {
    var json: [JSON.Member] {
        [
            .init("id", .string(id.description)), .init("message", .string(message.description)),
            .init("shop", .string(shop.description)), .init("thread", .string(thread.description)),
            .init("lane", .string(lane.description)), .init("kind", .string(kind.description)),
            .init("destination", .string(destination.description)),
            .init("route", .string(route.description)),
            .init("state", .string(state.description)), .init("accepted_at", JSON(acceptedAt)),
            .init("due_at", JSON(dueAt)), .init("tries", JSON(tries)),
            .init("reason", JSON(reason)), .init("reference", JSON(reference)),
            .init("doubts", JSON(doubts)),
            .init("possible_duplicate", .bool(isPossibleDuplicate)),
        ]
    }
}

extension EntryRecord {
    var json: JSON {
        .object(
            entry.json + [
                .init("lane_held", .bool(laneHeld)),
                .init("attempts", .array(attempts.map(\.json))),
            ])
    }
}

extension AttemptRecord {
    fileprivate var json: JSON {
        [
            "number": JSON(number), "started_at": JSON(startedAt), "ended_at": JSON(endedAt),
            "outcome": JSON(outcome), "reason": JSON(reason),
            "status": status.map { JSON($0) } ?? .null, "correlation": JSON(correlation),
        ]
    }
}

extension Change {
    var json: JSON {
        [
            "sequence": JSON(sequence), "entry": .string(entry.description),
            "shop": .string(shop.description), "thread": .string(thread.description),
            "state": .string(state.description), "at": JSON(at), "reason": JSON(reason),
            "actor": JSON(actor),
        ]
    }
}
