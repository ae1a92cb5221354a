import ExactJSON
import Outbox

/// A page of entries, one a line.
struct EntryList {
    private let answer: JSON

    init(_ answer: JSON) {
        self.answer = answer
    }

    func lines(colored: Bool) -> [String] {
        let entries = answer["entries"]?.array ?? []
        guard !entries.isEmpty else { return ["There is no such entry."] }
        let head = ["ID", "STATE", "TO", "ACCEPTED", "TRIES", "SHOP", "THREAD", "DETAIL"]
        var lines = Table(
            rows: [head.map { Table.Cell($0, .faint) }]
                + entries.map { entry in
                    [
                        Table.Cell(text(entry["id"])), stateCell(entry["state"]),
                        Table.Cell(destination(entry)),
                        Table.Cell(text(entry["accepted_at"])), Table.Cell(text(entry["tries"])),
                        Table.Cell(text(entry["shop"])), Table.Cell(text(entry["thread"])),
                        Table.Cell(detail(entry)),
                    ]
                }
        ).lines(colored: colored)
        if answer["next"]?.string != nil, let last = entries.last {
            lines.append("Older ones: add --after \(text(last["id"]))")
        }
        return lines
    }

    private func destination(_ entry: JSON) -> String {
        let name = text(entry["destination"])
        return entry["kind"]?.string == "event" ? "\(name) (event)" : name
    }

    /// What a person asks next of an entry in that state.
    private func detail(_ entry: JSON) -> String {
        if let reference = entry["reference"]?.string { return reference }
        let reason = entry["reason"]?.string
        guard let due = entry["due_at"]?.string, let reason else { return reason ?? "" }
        return "\(reason); due \(due)"
    }
}

/// One entry with every attempt.
struct EntryReport {
    private let entry: JSON

    init(_ entry: JSON) {
        self.entry = entry
    }

    func lines(colored: Bool) -> [String] {
        let names = [
            ("entry", "id"), ("shop", "shop"), ("thread", "thread"), ("route", "route"),
            ("accepted", "accepted_at"), ("due", "due_at"), ("conversation", "reference"),
            ("reason", "reason"),
        ]
        var rows = names.compactMap { name, member -> [Table.Cell]? in
            let text = text(entry[member])
            return text.isEmpty ? nil : [Table.Cell(name, .faint), Table.Cell(text)]
        }
        rows.insert([Table.Cell("state", .faint), stateCell(entry["state"])], at: 1)
        if let doubts = entry["doubts"]?.integer, doubts > 0 {
            let marked = entry["possible_duplicate"] == true
            rows.append([
                Table.Cell("doubts", .faint),
                Table.Cell("\(doubts)" + (marked ? ", marked as a possible duplicate" : "")),
            ])
        }
        let held = entry["lane_held"] == true
        rows.append([
            Table.Cell("lane", .faint),
            Table.Cell(text(entry["lane"]) + (held ? ", held" : ""), held ? .warning : .plain),
        ])
        var lines = Table(rows: rows).lines(colored: colored)
        let attempts = entry["attempts"]?.array ?? []
        if !attempts.isEmpty {
            let head = ["#", "STARTED", "ENDED", "OUTCOME", "HTTP", "CORRELATION", "REASON"]
            let members = [
                "number", "started_at", "ended_at", "outcome", "status", "correlation", "reason",
            ]
            let table = Table(
                rows: [head.map { Table.Cell($0, .faint) }]
                    + attempts.map { attempt in members.map { Table.Cell(text(attempt[$0])) } })
            lines += [""] + table.lines(colored: colored)
        }
        return lines
    }
}

/// What an order led to, in one line.
enum OrderReport {
    static func line(_ entry: JSON) -> String {
        let reason = entry["reason"]?.string.map { ": \($0)" }
        return "\(text(entry["id"])) is \(text(entry["state"]))\(reason ?? "")".onOneLine
    }

    static func retried(_ answer: JSON) -> String {
        "\(answer["retried"]?.integer ?? 0) dead entries are pending again"
    }
}

/// The text of a string or a number; empty for nothing.
private func text(_ value: JSON?) -> String {
    if case .number(let lexeme)? = value { return lexeme }
    return value?.string ?? ""
}

private func stateCell(_ value: JSON?) -> Table.Cell {
    let name = text(value)
    return Table.Cell(name, EntryState(name)?.style ?? .plain)
}
