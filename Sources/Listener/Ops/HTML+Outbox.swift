import Outbox

extension HTML {
    /// The outbox for a person: how it is, what is stopped, and a page of entries.
    static func outbox(
        _ status: OutboxStatus, _ entries: [Entry], _ query: EntryQuery, next: String?
    ) -> HTML {
        page(
            "Outbox",
            """
            <h1>Outbox</h1>
            \(alerts(status))
            <ul class="counts">\(EntryState.allCases.map { state in tile(state, status) })</ul>
            <p class="pace">\(pace(status))</p>
            \(filter(query))
            \(table(entries, at: status.now))
            <p>\(next.map { "<a href=\"\($0)\">Older entries</a>" } ?? "" as HTML)</p>
            """)
    }

    /// One entry with every attempt.
    static func entry(_ record: EntryRecord, at now: Timestamp) -> HTML {
        let entry = record.entry
        let facts: [(String, String)] = [
            ("Shop", entry.shop.description), ("Thread", entry.thread.description),
            ("Accepted", entry.acceptedAt.description),
            ("Due", entry.dueAt?.description ?? "–"),
            ("To", destination(entry)), ("Route", entry.route.description),
            ("Lane", entry.lane.description + (record.laneHeld ? " (held)" : "")),
            ("Conversation", entry.reference ?? "–"), ("Reason", entry.reason ?? "–"),
            ("Doubts", entry.doubts == 0 ? "none" : "\(entry.doubts)"),
            ("Possible duplicate", entry.isPossibleDuplicate ? "yes, marked" : "no"),
        ]
        return page(
            "Entry \(entry.id)",
            """
            <p><a href="/outbox">Outbox</a></p>
            <h1>Entry <code>\(entry.id)</code> \(badge(entry.state))</h1>
            <dl>\(facts.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" as HTML })</dl>
            <h2>Attempts</h2>
            \(attempts(record.attempts))
            """)
    }

    private static func alerts(_ status: OutboxStatus) -> HTML {
        let destinations = status.relay.destinations.compactMap { destination in
            destination.closed.map { alert("Nothing is sent to \(destination.name)", $0) }
        }
        let routes = status.relay.routes.compactMap { route in
            route.stopped.map { alert("Route \(route.name) is stopped", $0) }
        }
        let calls = status.relay.destinations.flatMap { destination in
            destination.stopped.sorted { $0.key.rawValue < $1.key.rawValue }.map { kind, closure in
                alert("Calls to \(destination.name) are stopped: \(kind)", closure)
            }
        }
        return "\(destinations + calls + routes + feed(status))"
    }

    private static func feed(_ status: OutboxStatus) -> [HTML] {
        guard let feed = status.feed else { return [] }
        let silence: [HTML] =
            feed.connectedSince == nil
            ? [
                """
                <p class="alert"><strong>Genesys tells of no changes</strong>: \
                \(feed.trouble ?? "not connected yet"); conversations are compared each minute</p>
                """
            ] : []
        return silence
            + feed.rejections.map {
                """
                <p class="alert"><strong>Nothing is told of queue \($0.queue)</strong>: \
                \($0.reason ?? $0.missingPermissions.joined(separator: ", "))</p>
                """ as HTML
            }
    }

    private static func alert(_ what: String, _ closure: RelayStatus.Closure) -> HTML {
        let probe = closure.nextProbe.map { ", next try in \($0.spoken)" } ?? ", trying now"
        return """
            <p class="alert" role="alert"><strong>\(what)</strong> for \(closure.lasting.spoken): \
            \(closure.reason)\(probe)</p>
            """
    }

    private static func tile(_ state: EntryState, _ status: OutboxStatus) -> HTML {
        """
        <li class="\(status.count(state) > 0 ? state.description : "none")"><a href="/outbox?state=\(state)"><b>\(status.count(state))</b> \
        <span>\(state.spoken)</span></a></li>
        """
    }

    private static func pace(_ status: OutboxStatus) -> HTML {
        var parts = ["\(status.relay.deliveredLastMinute) delivered in the last minute"]
        parts.append("\(status.relay.inFlight) under way")
        if let age = status.oldestPending { parts.append("oldest waits \(age.spoken)") }
        if let drain = status.drain, drain > .zero { parts.append("clears in \(drain.spoken)") }
        for destination in status.relay.destinations {
            guard let quota = destination.quota else { continue }
            parts.append("\(destination.name): \(quota.used) of \(quota.allowed) calls used")
        }
        let waiting = status.summary.awaitingAgent
        if waiting > 0 { parts.append("\(waiting) customers wait for an answer") }
        return "\(parts.joined(separator: " · "))\(concerns(status))"
    }

    private static func concerns(_ status: OutboxStatus) -> HTML {
        let open = [Concern.Kind.unanswered, .refused].reduce(0) {
            $0 + (status.summary.concerns[$1] ?? 0)
        }
        let forgotten = status.census?.forgotten ?? 0
        let alarm: HTML =
            forgotten > 0 ? " · <strong class=\"dead\">\(forgotten) forgotten</strong>" : ""
        return """
             · <a href="/concerns">\(open == 0 ? "nobody" : "\(open)") to see to</a>\(alarm)
            """
    }

    private static func filter(_ query: EntryQuery) -> HTML {
        let options = EntryState.allCases.map { state in
            """
            <option value="\(state)"\(state == query.state ? " selected" : "" as HTML)>\(state.spoken)</option>
            """ as HTML
        }
        return """
            <form action="/outbox" method="get" role="search">
            <label>State <select name="state"><option value="">any</option>\(options)</select></label>
            <label>Thread, entry, key or conversation \
            <input name="q" value="\(query.text ?? "")" autocomplete="off"></label>
            <button>Show</button>
            </form>
            """
    }

    private static func table(_ entries: [Entry], at now: Timestamp) -> HTML {
        guard !entries.isEmpty else { return "<p>No entries.</p>" }
        let rows = entries.map { entry in
            """
            <tr><td data-label="Entry"><a href="/outbox/\(entry.id)"><code>\(entry.id)</code></a></td>\
            <td data-label="State">\(badge(entry.state))</td>\
            <td data-label="To">\(destination(entry))</td>\
            <td data-label="Shop">\(entry.shop)</td><td class="long" data-label="Thread">\(entry.thread)</td>\
            <td data-label="Accepted"><time datetime="\(entry.acceptedAt)">\
            \((now - entry.acceptedAt).spoken) ago</time></td>\
            <td data-label="Tries">\(entry.tries)</td>\
            <td class="long" data-label="Reason">\(entry.reason ?? entry.reference ?? "–")</td></tr>
            """ as HTML
        }
        return """
            <table><caption>Entries, newest first</caption><thead><tr><th scope="col">Entry</th>\
            <th scope="col">State</th><th scope="col">To</th><th scope="col">Shop</th><th scope="col">Thread</th>\
            <th scope="col">Accepted</th><th scope="col">Tries</th>\
            <th scope="col">Reason or conversation</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private static func destination(_ entry: Entry) -> String {
        let name = entry.destination == .genesys ? "Genesys" : "shop"
        return entry.kind == .event ? "\(name), event" : name
    }

    private static func attempts(_ attempts: [AttemptRecord]) -> HTML {
        guard !attempts.isEmpty else { return "<p>Not tried yet.</p>" }
        let rows = attempts.map { attempt in
            """
            <tr><td data-label="Number">\(attempt.number)</td>\
            <td data-label="Began">\(attempt.startedAt)</td>\
            <td data-label="Outcome">\(attempt.outcome ?? "under way")</td>\
            <td data-label="Status">\(attempt.status.map(String.init) ?? "–")</td>\
            <td class="long" data-label="Reason">\(attempt.reason ?? "–")</td>\
            <td class="long" data-label="Correlation">\(attempt.correlation ?? "–")</td></tr>
            """ as HTML
        }
        return """
            <table><thead><tr><th scope="col">Number</th><th scope="col">Began</th>\
            <th scope="col">Outcome</th><th scope="col">Status</th><th scope="col">Reason</th>\
            <th scope="col">Correlation</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private static func badge(_ state: EntryState) -> HTML {
        "<span class=\"badge \(state)\">\(state.spoken)</span>"
    }
}

extension EntryState {
    fileprivate var spoken: String { description.replacing("_", with: " ") }
}

extension Duration {
    /// As a person says it: one unit, the greatest that fits.
    var spoken: String {
        let seconds = Int64(self.seconds.rounded())
        return switch seconds {
        case ..<120: "\(max(0, seconds)) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}
