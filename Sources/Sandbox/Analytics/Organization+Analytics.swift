import Foundation

/// An answer of the details query, and of the `GET` of details, which has no hits.
struct AnalyticsAnswer: Encodable {
    /// Left out when there are none.
    let conversations: [AnalyticsConversation]?
    var totalHits: Int?

    init(_ conversations: [AnalyticsConversation]) {
        self.conversations = conversations.isEmpty ? nil : conversations
    }
}

extension Organization {
    static let analyticsPermission = "analytics:conversationDetail:view"

    func details(_ query: ConversationQuery, for token: Token) -> AnalyticsAnswer {
        let all = conversations.all
        let visible = options.now().addingTimeInterval(-settings.analyticsLag)
        var hits: [Int] = []
        for index in conversations.firstIndex(since: query.interval.start)..<all.count {
            guard all[index].created < query.interval.end, all[index].created <= visible else {
                break
            }
            if covers(all[index].division, token, for: Self.analyticsPermission),
                query.matches(indexed(all[index]))
            {
                hits.append(index)
            }
        }
        if query.orderBy.isEnd {
            func end(_ index: Int) -> (Date, Int) { (all[index].ended ?? .distantFuture, index) }
            hits.sort { end($0) < end($1) }
        }
        if query.order == .desc {
            hits.reverse()
        }
        var answer = AnalyticsAnswer(
            query.paging.page(of: hits).map { AnalyticsConversation(indexed(all[$0])) })
        answer.totalHits = hits.count
        return answer
    }

    func details(ids: [String], for token: Token) -> AnalyticsAnswer {
        let visible = options.now().addingTimeInterval(-settings.analyticsLag)
        let records = ids.compactMap { conversations[$0] }
            .filter {
                $0.created <= visible && covers($0.division, token, for: Self.analyticsPermission)
            }
        return AnalyticsAnswer(records.map { AnalyticsConversation(indexed($0)) })
    }

    private func indexed(_ record: ConversationRecord) -> IndexedConversation {
        IndexedConversation(record: record, hasAddresses: settings.indexesAddressTo)
    }
}
