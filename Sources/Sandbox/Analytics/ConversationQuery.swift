/// The body of `POST /api/v2/analytics/conversations/details/query`.
///
/// Aggregations and the filters of evaluations, surveys and resolutions are refused as unknown.
struct ConversationQuery {
    enum Order: String, Decodable {
        case asc, desc, unordered
    }

    enum OrderBy: String, Decodable {
        case conversationStart, conversationEnd, segmentStart, segmentEnd

        var isEnd: Bool {
            self == .conversationEnd || self == .segmentEnd
        }
    }

    let interval: QueryInterval
    let order: Order
    let orderBy: OrderBy
    let paging: Paging
    let segmentFilters: [DetailFilter<IndexedConversation.SegmentDimension>]
    let conversationFilters: [DetailFilter<IndexedConversation.Dimension>]

    /// All filters hold, a segment filter with all that it asks for on one and the same segment.
    func matches(_ indexed: IndexedConversation) -> Bool {
        segmentFilters.allSatisfy { filter in
            indexed.record.participants.indices.contains { index in
                filter.matches { indexed.value(of: $0, at: index) }
            }
        } && conversationFilters.allSatisfy { $0.matches(indexed.value(of:)) }
    }
}

extension ConversationQuery: Decodable {
    enum CodingKeys: String, CodingKey {
        case interval, order, orderBy, paging, segmentFilters, conversationFilters
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        func value<Value: Decodable>(_ member: CodingKeys, or fallback: Value) throws -> Value {
            try object.decodeIfPresent(Value.self, forKey: member) ?? fallback
        }
        interval = try object.decode(QueryInterval.self, forKey: .interval)
        order = try value(.order, or: .asc)
        orderBy = try value(.orderBy, or: .conversationStart)
        paging = try value(.paging, or: Paging())
        segmentFilters = try value(.segmentFilters, or: [])
        conversationFilters = try value(.conversationFilters, or: [])
    }

    struct Paging: Decodable {
        private(set) var pageSize = 25
        private(set) var pageNumber = 1

        private enum CodingKeys: String, CodingKey {
            case pageSize, pageNumber
        }

        init() {}

        init(from decoder: any Decoder) throws {
            let object = try decoder.closedObject(CodingKeys.self)
            pageSize = try object.decode(Int.self, forKey: .pageSize)
            pageNumber = try object.decode(Int.self, forKey: .pageNumber)
            guard (1...100).contains(pageSize) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .pageSize, in: object, debugDescription: "from 1 to 100")
            }
            guard (1...1_000_000).contains(pageNumber) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .pageNumber, in: object, debugDescription: "from 1")
            }
        }

        /// The part of all hits that is this page.
        func page<Hits: Sequence>(of hits: Hits) -> some Sequence<Hits.Element> {
            hits.dropFirst((pageNumber - 1) * pageSize).prefix(pageSize)
        }
    }
}
