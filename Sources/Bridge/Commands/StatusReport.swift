import ExactJSON
import Outbox

/// The answer of `GET /outbox`, as the person on call reads it.
struct StatusReport {
    private let answer: JSON

    init(_ answer: JSON) {
        self.answer = answer
    }

    func lines(colored: Bool) -> [String] {
        var lines = Table(
            rows: counts + [[]] + waiting + concerns + destinations + stoppedCalls + routes + feed
        )
        .lines(colored: colored)
        let advice = advice
        if !advice.isEmpty { lines += [""] + advice }
        return lines
    }

    private func count(_ state: EntryState) -> Int {
        answer["counts"]?[state.description]?.integer ?? 0
    }

    private var counts: [[Table.Cell]] {
        EntryState.allCases.map { state in
            let count = count(state)
            let style = count > 0 ? state.style : .faint
            return [Table.Cell(state.description, style), Table.Cell("\(count)", style)]
        }
    }

    private var waiting: [[Table.Cell]] {
        var pace =
            "\(answer["delivered_last_minute"]?.integer ?? 0) delivered in the last minute, "
            + "\(answer["in_flight"]?.integer ?? 0) under way"
        if count(.pending) > 0, let drain = answer["drain_seconds"]?.integer {
            pace += "; clears in about \(span(drain))"
        }
        var rows = [[Table.Cell("pace"), Table.Cell(pace)]]
        if let oldest = answer["oldest_pending_seconds"]?.integer {
            rows.append([Table.Cell("oldest pending"), Table.Cell(span(oldest))])
        }
        let awaiting = answer["awaiting_agent"]
        if let threads = awaiting?["threads"]?.integer, threads > 0 {
            let longest = awaiting?["longest_seconds"]?.integer.map { ", the longest \(span($0))" }
            rows.append([
                Table.Cell("awaiting agent"), Table.Cell("\(threads) threads\(longest ?? "")"),
            ])
        }
        return rows
    }

    private var concerns: [[Table.Cell]] {
        let counts = answer["concerns"]
        func count(_ kind: String) -> Int { counts?[kind]?.integer ?? 0 }
        var rows: [[Table.Cell]] = []
        let open = count("unanswered") + count("refused")
        if open > 0 {
            rows.append([
                Table.Cell("to see to"),
                Table.Cell(
                    "\(count("unanswered")) customers without an answer, "
                        + "\(count("refused")) answers refused by a shop", .warning),
            ])
        }
        if count("again") > 0 {
            rows.append([
                Table.Cell("again"),
                Table.Cell("\(count("again")) are created again by themselves"),
            ])
        }
        if let forgotten = answer["awaiting_agent"]?["forgotten"]?.integer, forgotten > 0 {
            rows.append([
                Table.Cell("forgotten"), Table.Cell("\(forgotten) customers whom nobody has", .bad),
            ])
        }
        return rows
    }

    private var feed: [[Table.Cell]] {
        guard let feed = answer["feed"], feed != .null else { return [] }
        let rejected = (feed["rejected"]?.array ?? []).map { queue in
            [
                Table.Cell("queue \(queue["queue"]?.string ?? "")"),
                Table.Cell(
                    "its changes are not told: \(queue["reason"]?.string ?? "refused")", .bad),
            ]
        }
        let row =
            feed["connected_seconds"]?.integer.map {
                Table.Cell("of conversations are told, for \(span($0)) now", .good)
            } ?? Table.Cell("not told: \(feed["trouble"]?.string ?? "not connected yet")", .warning)
        return [[Table.Cell("changes"), row]] + rejected
    }

    private var destinations: [[Table.Cell]] {
        (answer["destinations"]?.array ?? []).map { destination in
            let name = Table.Cell(destination["name"]?.string ?? "")
            if let closed = closure(destination["closed"]) {
                return [name, Table.Cell("closed \(closed)", .bad)]
            }
            var text = "open"
            if let perMinute = destination["per_minute"]?.integer {
                text += ", at most \(perMinute) calls a minute"
            }
            if let used = destination["quota"]?["used"]?.integer,
                let allowed = destination["quota"]?["allowed"]?.integer
            {
                text += ", \(used) of \(allowed) used"
            }
            return [name, Table.Cell(text, .good)]
        }
    }

    private var stoppedCalls: [[Table.Cell]] {
        (answer["destinations"]?.array ?? []).flatMap { destination -> [[Table.Cell]] in
            guard case .object(let stopped)? = destination["stopped_calls"] else { return [] }
            return stopped.compactMap { calls in
                closure(calls.value).map {
                    [Table.Cell("calls: \(calls.name)"), Table.Cell("stopped \($0)", .bad)]
                }
            }
        }
    }

    private var routes: [[Table.Cell]] {
        (answer["routes"]?.array ?? []).map { route in
            let name = Table.Cell("route \(route["name"]?.string ?? "")")
            guard let stopped = closure(route["stopped"]) else {
                return [name, Table.Cell("goes", .good)]
            }
            return [name, Table.Cell("stopped \(stopped)", .bad)]
        }
    }

    private func closure(_ value: JSON?) -> String? {
        guard let reason = value?["reason"]?.string else { return nil }
        let lasting = value?["seconds"]?.integer.map { "for \(span($0))" } ?? ""
        let probe = value?["next_probe_seconds"]?.integer.map { "; next try in \(span($0))" }
        return "\(lasting): \(reason)\(probe ?? "; being tried now")"
    }

    private var advice: [String] {
        let list = "genesys-bridge outbox list --state"
        return [
            (EntryState.inDoubt, "Genesys may have them or not: they are being looked for."),
            (.held, "Nobody can tell whether Genesys has them: look there, then settle each."),
            (.dead, "They were refused or given up: retry or discard each."),
        ]
        .filter { count($0.0) > 0 }.map { "\(count($0.0)) \($0.0): \($0.1) \(list) \($0.0)" }
    }
}

extension EntryState {
    var style: Style {
        switch self {
        case .pending, .sending: .plain
        case .inDoubt, .held: .warning
        case .delivered: .good
        case .dead: .bad
        case .discarded: .faint
        }
    }
}

/// A time in its two largest units: `2 h 5 min`.
func span(_ seconds: Int) -> String {
    let units = [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)]
    let first = units.firstIndex { seconds >= $0.1 } ?? units.count - 1
    let (name, size) = units[first]
    let large = "\(seconds / size) \(name)"
    guard first + 1 < units.count, name != "min" else { return large }
    let (smallName, smallSize) = units[first + 1]
    let small = seconds % size / smallSize
    return small == 0 ? large : "\(large) \(small) \(smallName)"
}
