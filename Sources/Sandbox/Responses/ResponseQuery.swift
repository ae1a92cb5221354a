import Foundation

/// The body of `POST /api/v2/responsemanagement/responses/query`.
struct ResponseQuery: Decodable {
    private struct Filter: Decodable {
        enum Field: String, Decodable {
            case name, responseType, messagingTemplate
            case library = "libraryId"
            case contentType = "text.contentType"
        }

        enum Comparison: String, Decodable {
            case among = "IN"
            case equal = "EQUALS"
            case unequal = "NOTEQUALS"
        }

        let field: Field
        let comparison: Comparison
        let values: [String]

        private enum CodingKeys: String, CodingKey {
            case name, values
            case comparison = "operator"
        }

        init(from decoder: any Decoder) throws {
            let object = try decoder.closedObject(CodingKeys.self)
            field = try object.decode(Field.self, forKey: .name)
            comparison = try object.decode(Comparison.self, forKey: .comparison)
            values = try object.decode([String].self, forKey: .values)
        }

        func holds(for response: Sandbox.Response) -> Bool {
            let own =
                switch field {
                case .name: [response.name]
                case .library: response.libraries
                case .contentType: [response.contentType]
                // No response of the sandbox has one.
                case .responseType, .messagingTemplate: [String]()
                }
            let found = own.contains(where: values.contains)
            return comparison == .unequal ? !found : found
        }
    }

    let pageSize: Int
    let pageNumber: Int
    private let phrase: String?
    private let filters: [Filter]

    private enum CodingKeys: String, CodingKey {
        case pageSize, pageNumber, filters
        case phrase = "queryPhrase"
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        phrase = try object.decodeIfPresent(String.self, forKey: .phrase)
        pageSize = try object.decodeIfPresent(Int.self, forKey: .pageSize) ?? 25
        pageNumber = try object.decodeIfPresent(Int.self, forKey: .pageNumber) ?? 1
        filters = try object.decodeIfPresent([Filter].self, forKey: .filters) ?? []
        guard (1...500).contains(pageSize) else {
            throw APIError.badRequest("pageSize: from 1 to 500.", field: "pageSize")
        }
        guard pageNumber >= 1 else {
            throw APIError.badRequest("pageNumber: from 1.", field: "pageNumber")
        }
    }

    /// The phrase is looked for in the name and in the text, whatever its case.
    func matches(_ response: Sandbox.Response) -> Bool {
        let words = phrase ?? ""
        let found = [response.name, response.text].contains {
            words.isEmpty || $0.range(of: words, options: .caseInsensitive) != nil
        }
        return found && filters.allSatisfy { $0.holds(for: response) }
    }
}
