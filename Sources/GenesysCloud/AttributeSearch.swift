import ExactJSON
import Outbox

/// `POST /api/v2/conversations/participants/attributes/search`: all conversations of a window of time, to
/// be read through for the one that bears the marker.
///
/// The window depends on our clock. So nothing is concluded from it unless it shows conversations of ours
/// from before and from after the attempt.
struct AttributeSearch: ConversationSearch {
    let client: GenesysClient
    var maxPages = 20
    let fences: FencesOfConversations

    private static let margin = Duration.seconds(15 * 60)
    /// The longest window that Genesys advises; it refuses more than 24 hours.
    private static let window = Duration.seconds(4 * 3600)
    private static let longest = Duration.seconds(24 * 3600)

    private struct Row {
        var trace: Trace
        var marker: String
    }

    func watermark(
        for look: Look, within span: ClosedRange<Timestamp>
    ) async throws(SearchError) -> Watermark {
        let shown = try await rows(within: span).map(\.trace.id)
        let (earlier, later) = try await neighbours(of: look, among: shown)
        guard let later else { return .behind }
        guard let earlier else {
            return .missing("shows nothing from before the attempt, so that it may begin too late")
        }
        return .shown("shows \(earlier) from before the attempt and \(later) from after it")
    }

    func traces(
        of marker: String, within span: ClosedRange<Timestamp>
    ) async throws(SearchError) -> [Trace] {
        try await rows(within: span).filter { $0.marker == marker }.map(\.trace).sorted()
    }

    /// Those of all that bear a marker.
    private func rows(within span: ClosedRange<Timestamp>) async throws(SearchError) -> [Row] {
        var from = span.lowerBound + (.zero - Self.margin)
        let end = span.upperBound + Self.margin
        guard end - from <= Self.longest else {
            throw .unclear("the attempt is too long ago to read through all since")
        }
        var rows: [String: Row] = [:]
        var pages = 0
        while from < end {
            let to = min(end, from + Self.window)
            var cursor: JSON?
            repeat {
                guard pages < maxPages else {
                    throw .unclear("too much traffic to read through")
                }
                pages += 1
                let page = try await page(from, to, after: cursor)
                for row in page["results"]?.array ?? [] {
                    if let row = Self.row(row) { rows[row.trace.id] = row }
                }
                cursor = page["cursor"]?.string.map(JSON.string)
            } while cursor != nil
            from = to
        }
        return Array(rows.values)
    }

    private func page(
        _ from: Timestamp, _ to: Timestamp, after cursor: JSON?
    ) async throws(SearchError) -> JSON {
        let query: JSON = [
            [
                "type": "DATE_RANGE", "fields": ["startTime"],
                "startValue": .string("\(from)"), "endValue": .string("\(to)"),
            ]
        ]
        return try await client.search(
            .attributes, "/api/v2/conversations/participants/attributes/search",
            JSON(members: [("query", query)] + (cursor.map { [("cursor", $0)] } ?? [])))
    }

    private static func row(_ row: JSON) -> Row? {
        guard let id = row["conversationId"]?.string else { return nil }
        let markers = (row["participantData"]?.array ?? []).compactMap {
            $0["participantAttributes"]?["bridge.key"]?.string
        }
        return markers.first.map {
            Row(trace: Trace(id: id, createdAt: row["startTime"]?.string ?? ""), marker: $0)
        }
    }
}
