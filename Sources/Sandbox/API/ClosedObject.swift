import Foundation

extension CodingUserInfoKey {
    /// Set to `true`, lets members pass that the type does not know.
    static let passesUnknownMembers = required("passesUnknownMembers")

    static func required(_ name: String) -> CodingUserInfoKey {
        guard let key = CodingUserInfoKey(rawValue: name) else {
            preconditionFailure("\(name) is no key")
        }
        return key
    }
}

extension Decoder {
    /// The members of an object that has no others: one more is an error that names it.
    func closedObject<Member: CodingKey>(
        _ members: Member.Type
    ) throws -> KeyedDecodingContainer<Member> {
        if userInfo[.passesUnknownMembers] as? Bool != true {
            let given = try container(keyedBy: AnyMember.self).allKeys
            for member in given where Member(stringValue: member.stringValue) == nil {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: codingPath + [member], debugDescription: "unknown member"))
            }
        }
        return try container(keyedBy: members)
    }
}

private struct AnyMember: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        nil
    }
}

extension DecodingError {
    /// The path of the member at fault, `attributes.order`, or empty for the whole body.
    var field: String {
        var path = context.codingPath
        if case .keyNotFound(let key, _) = self {
            path.append(key)
        }
        return path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }

    /// What is wrong, in a few words.
    var reason: String {
        switch self {
        case .typeMismatch(let type, _): "expected \(type)"
        case .valueNotFound(let type, _): "expected \(type), not null"
        case .keyNotFound: "missing"
        case .dataCorrupted(let context): context.debugDescription
        @unknown default: "not understood"
        }
    }

    private var context: Context {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .keyNotFound(_, let context), .dataCorrupted(let context):
            context
        @unknown default: Context(codingPath: [], debugDescription: "")
        }
    }
}
