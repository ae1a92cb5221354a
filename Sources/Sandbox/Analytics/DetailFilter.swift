/// A filter of the details query over one set of dimensions: predicates, and clauses of predicates.
struct DetailFilter<Dimension: RawRepresentable<String> & Decodable>: Decodable {
    typealias Values = (Dimension) -> String?

    private let type: Junction
    private let predicates: [DetailPredicate<Dimension>]
    private let clauses: [DetailClause<Dimension>]

    private enum CodingKeys: String, CodingKey {
        case type, predicates, clauses
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        type = try object.decode(Junction.self, forKey: .type)
        predicates = try object.decodeIfPresent([DetailPredicate].self, forKey: .predicates) ?? []
        clauses = try object.decodeIfPresent([DetailClause].self, forKey: .clauses) ?? []
        guard !predicates.isEmpty || !clauses.isEmpty else {
            throw DecodingError.dataCorruptedError(
                forKey: .predicates, in: object, debugDescription: "missing")
        }
    }

    func matches(_ values: Values) -> Bool {
        switch type {
        case .and:
            predicates.allSatisfy { $0.matches(values) }
                && clauses.allSatisfy { $0.matches(values) }
        case .or:
            predicates.contains { $0.matches(values) } || clauses.contains { $0.matches(values) }
        }
    }
}

enum Junction: String, Decodable {
    case and, or
}

/// The inner level of a filter; there is no deeper one.
struct DetailClause<Dimension: RawRepresentable<String> & Decodable>: Decodable {
    private let type: Junction
    private let predicates: [DetailPredicate<Dimension>]

    private enum CodingKeys: String, CodingKey {
        case type, predicates
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        type = try object.decode(Junction.self, forKey: .type)
        predicates = try object.decode([DetailPredicate].self, forKey: .predicates)
    }

    func matches(_ values: DetailFilter<Dimension>.Values) -> Bool {
        switch type {
        case .and: predicates.allSatisfy { $0.matches(values) }
        case .or: predicates.contains { $0.matches(values) }
        }
    }
}

/// A predicate on one dimension; metrics, properties and ranges are refused as unknown.
struct DetailPredicate<Dimension: RawRepresentable<String> & Decodable>: Decodable {
    private enum Kind: String, Decodable {
        case dimension
    }

    private enum Comparison: String, Decodable {
        case matches, exists, notExists
    }

    private let dimension: Dimension
    private let comparison: Comparison
    private let value: String?

    private enum CodingKeys: String, CodingKey {
        case type, dimension, value
        case comparison = "operator"
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        _ = try object.decodeIfPresent(Kind.self, forKey: .type)
        dimension = try object.decode(Dimension.self, forKey: .dimension)
        comparison =
            try object.decodeIfPresent(Comparison.self, forKey: .comparison) ?? .matches
        value =
            comparison == .matches
            ? try object.decode(String.self, forKey: .value)
            : try object.decodeIfPresent(String.self, forKey: .value)
    }

    func matches(_ values: DetailFilter<Dimension>.Values) -> Bool {
        let found = values(dimension)
        return switch comparison {
        case .matches: found == value
        case .exists: found != nil
        case .notExists: found == nil
        }
    }
}
