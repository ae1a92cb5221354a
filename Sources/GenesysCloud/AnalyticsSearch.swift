import ExactJSON
import Outbox

/// `POST /api/v2/analytics/conversations/details/query`: conversations seconds to minutes after their
/// creation, by the address they are to.
struct AnalyticsSearch: ConversationSearch {
    let client: GenesysClient
    let provider: String
    let fences: FencesOfConversations

    /// How far apart our clock and Genesys' may be.
    private static let margin = Duration.seconds(24 * 3600)
    /// The longest interval of one query.
    private static let longest = Duration.seconds(31 * 24 * 3600)

    func watermark(
        for look: Look, within span: ClosedRange<Timestamp>
    ) async throws(SearchError) -> Watermark {
        let newest = try await conversations(pageSize: 50, within: span)
            .filter { sessions(of: $0).contains { $0["provider"]?.string == provider } }
            .compactMap { $0["conversationId"]?.string }
        guard let later = try await neighbours(of: look, among: newest).later else {
            return .behind
        }
        return .shown("shows \(later), which was created after the attempt")
    }

    func traces(
        of marker: String, within span: ClosedRange<Timestamp>
    ) async throws(SearchError) -> [Trace] {
        let found = try await conversations(to: marker, pageSize: 25, within: span)
        let ours = found.filter {
            sessions(of: $0).contains {
                $0["provider"]?.string == provider && $0["addressTo"]?.string == marker
            }
        }
        guard found.isEmpty || !ours.isEmpty else {
            throw .unclear("shows a conversation for the marker that does not bear it")
        }
        // Pages may repeat a conversation.
        return Dictionary(ours.compactMap(trace).map { ($0.id, $0) }) { $1 }.values.sorted()
    }

    private func conversations(
        to marker: String? = nil, pageSize: Int, within span: ClosedRange<Timestamp>
    ) async throws(SearchError) -> [JSON] {
        let from = span.lowerBound + (.zero - Self.margin)
        let to = span.upperBound + Self.margin
        guard to - from <= Self.longest else {
            throw .unclear("the attempt is too long ago for one query")
        }
        var predicates = [predicate("mediaType", "email"), predicate("provider", provider)]
        if let marker { predicates.append(predicate("addressTo", marker)) }
        let answer = try await client.search(
            .analytics, "/api/v2/analytics/conversations/details/query",
            [
                "interval": .string("\(from)/\(to)"), "order": "desc",
                "orderBy": "conversationStart",
                "paging": ["pageSize": JSON(pageSize), "pageNumber": 1],
                "segmentFilters": [["type": "and", "predicates": .array(predicates)]],
            ])
        return answer["conversations"]?.array ?? []
    }

    private func predicate(_ dimension: String, _ value: String) -> JSON {
        [
            "type": "dimension", "dimension": .string(dimension), "operator": "matches",
            "value": .string(value),
        ]
    }

    private func sessions(of conversation: JSON) -> [JSON] {
        (conversation["participants"]?.array ?? []).flatMap { $0["sessions"]?.array ?? [] }
    }

    private func trace(_ conversation: JSON) -> Trace? {
        conversation["conversationId"]?.string.map {
            Trace(id: $0, createdAt: conversation["conversationStart"]?.string ?? "")
        }
    }
}
