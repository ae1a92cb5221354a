import Outbox

extension OutboxStatus {
    /// The status in Prometheus' text format.
    var metrics: String {
        var text = Metrics()
        text.add("bridge_entries", "Entries of the outbox by state.") {
            EntryState.allCases.map { ("state", $0.description, Double(count($0))) }
        }
        text.add("bridge_oldest_pending_seconds", "Age of the oldest pending entry.", oldestPending)
        text.add(
            "bridge_threads_awaiting_agent", "Threads whose customer waits for an answer.",
            Double(summary.awaitingAgent))
        text.add(
            "bridge_longest_awaiting_seconds", "For how long the longest waiting customer does.",
            longestAwaiting)
        text.add(
            "bridge_concerns", "Customers who would be left without an answer, by what is done."
        ) {
            Concern.Kind.allCases.map {
                ("kind", $0.description, Double(summary.concerns[$0] ?? 0))
            }
        }
        if let census {
            text.add(
                "bridge_customers_forgotten", "Customers who wait and whom nobody has: is to be 0.",
                Double(census.forgotten))
        }
        if let feed {
            text.add(
                "bridge_feed_connected", "1 while Genesys tells of every change.",
                feed.connectedSince == nil ? 0 : 1)
            text.add(
                "bridge_conversations_live", "Conversations live as they were last compared.",
                Double(feed.live))
        }
        text.add(
            "bridge_changes_total", "Changes of entries since the store was made.",
            Double(summary.lastChange), type: "counter")
        text.add("bridge_in_flight", "Deliveries under way.", Double(relay.inFlight))
        text.add(
            "bridge_delivered_last_minute", "Deliveries that ended within the last minute.",
            Double(relay.deliveredLastMinute))
        if let drain {
            text.add("bridge_drain_seconds", "Until what waits is delivered, at this pace.", drain)
        }
        text.add("bridge_destination_open", "1 while entries are sent to the destination.") {
            relay.destinations.map {
                ("destination", $0.name.description, $0.closed == nil ? 1 : 0)
            }
        }
        text.add("bridge_calls_stopped", "1 while calls of a kind are stopped: too many failed.") {
            CallKind.allCases.map { kind in
                (
                    "kind", kind.description,
                    relay.destinations.contains { $0.stopped[kind] != nil } ? 1 : 0
                )
            }
        }
        text.add("bridge_calls_this_month", "Calls to Genesys in this month, by kind.") {
            CallKind.allCases.map { ("kind", $0.description, Double(calls[$0] ?? 0)) }
        }
        text.add("bridge_route_stopped", "1 while the route is stopped.") {
            relay.routes.map { ("route", $0.name.description, $0.stopped == nil ? 0 : 1) }
        }
        text.add("bridge_calls_per_minute_limit", "The ceiling of calls a minute.") {
            relay.destinations.compactMap { destination in
                destination.perMinute.map { ("destination", destination.name.description, $0) }
            }
        }
        text.add("bridge_quota_used", "Calls the destination has counted in its window.") {
            relay.destinations.compactMap { destination in
                destination.quota.map {
                    ("destination", destination.name.description, Double($0.used))
                }
            }
        }
        text.add("bridge_quota_allowed", "Calls the destination allows in its window.") {
            relay.destinations.compactMap { destination in
                destination.quota.map {
                    ("destination", destination.name.description, Double($0.allowed))
                }
            }
        }
        return text.text
    }
}

/// Prometheus' text format, version 0.0.4.
private struct Metrics {
    private(set) var text = ""

    mutating func add(
        _ name: String, _ help: String, _ samples: () -> [(label: String, name: String, Double)]
    ) {
        let samples = samples()
        guard !samples.isEmpty else { return }
        describe(name, help, "gauge")
        for (label, value, number) in samples {
            text += "\(name){\(label)=\"\(value.labelled)\"} \(number.written)\n"
        }
    }

    mutating func add(_ name: String, _ help: String, _ number: Double, type: String = "gauge") {
        describe(name, help, type)
        text += "\(name) \(number.written)\n"
    }

    mutating func add(_ name: String, _ help: String, _ duration: Duration?) {
        add(name, help, duration?.seconds ?? 0)
    }

    private mutating func describe(_ name: String, _ help: String, _ type: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }
}

extension String {
    fileprivate var labelled: String {
        replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

extension Double {
    fileprivate var written: String { Int64(exactly: self).map(String.init) ?? String(self) }
}
