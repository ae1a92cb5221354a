import Foundation

/// The body of `POST /api/v2/conversations/participants/attributes/search`.
struct AttributeSearchRequest: Decodable {
    let criteria: [AttributeSearchCriterion]
    /// Where the page begins, by the place in the book.
    let cursor: Int?

    private enum CodingKeys: String, CodingKey {
        case query, cursor, sortOrder, sortBy, sort, returnFields
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        // The order there is, and no other.
        let order = try object.decodeIfPresent(String.self, forKey: .sortOrder) ?? "ASC"
        let field = try object.decodeIfPresent(String.self, forKey: .sortBy) ?? "startTime"
        guard order == "ASC", field == "startTime", !object.contains(.sort),
            !object.contains(.returnFields)
        else { throw APIError.searchNotSupported }
        criteria = try object.decode([AttributeSearchCriterion].self, forKey: .query)
        // Something has to bound the search.
        guard criteria.contains(where: \.isBound) else { throw APIError.searchNotSupported }
        cursor = try object.decodeIfPresent(String.self, forKey: .cursor).map(Self.place)
    }

    /// A cursor means nothing to a client; it is the place in Base64.
    static func cursor(_ place: Int) -> String {
        Data(String(place).utf8).base64EncodedString()
    }

    private static func place(_ cursor: String) throws(APIError) -> Int {
        guard let data = Data(base64Encoded: cursor),
            let place = Int(String(decoding: data, as: UTF8.self)), place >= 0
        else {
            throw .badRequest("cursor: not one of an answer.", field: "cursor")
        }
        return place
    }
}

/// One thing that a conversation has to fulfil, all others beside it.
enum AttributeSearchCriterion {
    static let maximumWindow: TimeInterval = 24 * 3600

    case conversation(Set<String>)
    case division(Set<String>)
    case started(ClosedRange<Date>)
    case ended(ClosedRange<Date>)

    /// Whether it keeps the search from going through all there is.
    var isBound: Bool {
        if case .division = self { return false }
        return true
    }

    func holds(for record: ConversationRecord) -> Bool {
        switch self {
        case .conversation(let ids): ids.contains(record.id.text)
        case .division(let ids): ids.contains(record.division)
        case .started(let window): window.contains(record.created)
        case .ended(let window): record.ended.map(window.contains) ?? false
        }
    }
}

extension AttributeSearchCriterion: Decodable {
    private enum CodingKeys: String, CodingKey {
        case type, fields, value, values, startValue, endValue, group, dateFormat
        case junction = "operator"
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        func string(_ member: CodingKeys) throws -> String? {
            try object.decodeIfPresent(String.self, forKey: member)
        }
        let type = try object.decode(String.self, forKey: .type)
        let fields = try object.decodeIfPresent([String].self, forKey: .fields) ?? []
        var values = try object.decodeIfPresent([String].self, forKey: .values) ?? []
        if let value = try string(.value) {
            values.append(value)
        }
        let window = Self.window(try string(.startValue), try string(.endValue))
        guard try string(.junction) ?? "AND" == "AND", fields.count == 1,
            !object.contains(.group), !object.contains(.dateFormat)
        else { throw APIError.searchNotSupported }
        switch (type, fields[0], window) {
        case ("EXACT", "conversationId", nil) where !values.isEmpty:
            self = .conversation(Set(values))
        case ("EXACT", "divisionId", nil) where !values.isEmpty:
            self = .division(Set(values))
        case ("DATE_RANGE", "startTime", let window?) where values.isEmpty:
            self = .started(window)
        case ("DATE_RANGE", "endTime", let window?) where values.isEmpty:
            self = .ended(window)
        default:
            throw APIError.searchNotSupported
        }
    }

    private static func window(_ start: String?, _ end: String?) -> ClosedRange<Date>? {
        guard let start = start.flatMap({ Date(apiText: $0) }),
            let end = end.flatMap({ Date(apiText: $0) }), start <= end,
            end.timeIntervalSince(start) <= maximumWindow
        else { return nil }
        return start...end
    }
}

extension APIError {
    static let searchNotSupported = badRequest("Search not supported.")
}
