/// The nearest published sizes: of native email, a bot's attributes and the attribute search.
///
/// None are published for an external conversation. Lengths are in UTF-16 units, as a Java
/// service counts.
enum EmailSize {
    static let subject = 400
    static let name = 64
    /// A local part of 64, an `@` and a domain of 253.
    static let address = 318
    static let attributes = 50
    static let attribute = 256
    static let attributesBytes = 16 * 1024

    static func check(_ field: String, _ text: String?, maximum: Int) throws(APIError) {
        guard text?.utf16.count ?? 0 <= maximum else {
            throw .badRequest("\(field): longer than \(maximum).", field: field)
        }
    }

    static func check(attributes: [String: String]) throws(APIError) {
        guard attributes.count <= Self.attributes else {
            throw .badRequest("attributes: more than \(Self.attributes).", field: "attributes")
        }
        for (key, value) in attributes {
            try check("attributes.\(key)", value, maximum: attribute)
        }
        guard attributes.bytes <= attributesBytes else {
            throw .badRequest(
                "attributes: more than \(attributesBytes) bytes.", field: "attributes")
        }
    }
}

extension [String: String] {
    /// The bytes of all keys and values.
    var bytes: Int {
        reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }
}
