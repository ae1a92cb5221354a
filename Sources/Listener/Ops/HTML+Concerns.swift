import Outbox

extension HTML {
    /// Customers somebody has to see to, the longest waiting first.
    static func concerns(_ concerns: [Concern], at now: Timestamp) -> HTML {
        page(
            "Concerns",
            """
            <p><a href="/outbox">Outbox</a></p>
            <h1>Customers to see to</h1>
            \(concerns.isEmpty ? nothing : table(concerns, at: now))
            """)
    }

    private static let nothing: HTML = """
        <p>Nobody: every customer has an answer, a live conversation or a message on its way.</p>
        """

    private static func table(_ concerns: [Concern], at now: Timestamp) -> HTML {
        let rows = concerns.map { concern in
            """
            <tr><td data-label="Waits">\((now - concern.since).spoken)</td>\
            <td data-label="What">\(words(concern))</td>\
            <td data-label="Shop">\(concern.thread.shop)</td>\
            <td data-label="Thread" class="long">\(concern.thread.key)</td>\
            <td data-label="Why" class="long">\(concern.reason)</td></tr>
            """ as HTML
        }
        return """
            <table><caption>The longest waiting first</caption>
            <thead><tr><th scope="col">Waits</th><th scope="col">What</th>\
            <th scope="col">Shop</th><th scope="col">Thread</th><th scope="col">Why</th></tr></thead>
            <tbody>\(rows)</tbody></table>
            """
    }

    private static func words(_ concern: Concern) -> HTML {
        switch concern.kind {
        case .again:
            "is created again at \(concern.dueAt?.description ?? "–")"
        case .unanswered: "ended without an answer"
        case .refused:
            """
            <a href="/outbox/\(concern.entry?.description ?? "")">the shop refused the answer</a>
            """
        }
    }
}
