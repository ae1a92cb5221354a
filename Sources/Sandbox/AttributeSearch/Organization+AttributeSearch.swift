import Foundation

extension Organization {
    private static let pageRows = 50
    private static let retention: TimeInterval = 30 * 86_400
    /// Conversations with as many bytes of attributes or more are not stored.
    private static let attributesBytes = 20 * 1024

    /// One page of the stored conversations that fulfil all criteria, the oldest first.
    func search(_ request: AttributeSearchRequest) -> AttributeSearchAnswer {
        let now = options.now()
        let kept = now.addingTimeInterval(-Self.retention)
        let visible = now.addingTimeInterval(-settings.searchLag)
        var found: [Int] = []
        for index in places(request.criteria, since: kept) where index >= request.cursor ?? 0 {
            let record = conversations.all[index]
            guard record.created <= visible else { break }
            guard record.created >= kept, Self.stores(record),
                request.criteria.allSatisfy({ $0.holds(for: record) })
            else { continue }
            found.append(index)
            // One more than a page holds tells that there is another.
            if found.count > Self.pageRows { break }
        }
        let next = found.count > Self.pageRows ? found.last : nil
        return AttributeSearchAnswer(
            results: found.prefix(Self.pageRows).map { .init(conversations.all[$0]) },
            cursor: next.map(AttributeSearchRequest.cursor))
    }

    /// Where those can be that fulfil the criteria.
    private func places(_ criteria: [AttributeSearchCriterion], since kept: Date) -> [Int] {
        var range = conversations.firstIndex(since: kept)..<conversations.all.count
        for criterion in criteria {
            switch criterion {
            case .conversation(let ids):
                return ids.compactMap { conversations.index($0) }.sorted()
            case .started(let window):
                range = conversations.range(in: window).clamped(to: range)
            case .division, .ended:
                break
            }
        }
        return Array(range)
    }

    private static func stores(_ record: ConversationRecord) -> Bool {
        let bytes = record.participants.reduce(0) { $0 + ($1.attributes?.bytes ?? 0) }
        return bytes > 0 && bytes < attributesBytes
    }
}
