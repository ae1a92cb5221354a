extension CreateEmailRequest {
    /// The nearest published sizes: of native email, a bot's attributes and the attribute search.
    ///
    /// None are published for an external conversation. Lengths are in UTF-16 units, as a Java
    /// service counts.
    enum Size {
        static let subject = 400
        static let name = 64
        /// A local part of 64, an `@` and a domain of 253.
        static let address = 318
        static let attributes = 50
        static let attribute = 256
        static let attributesBytes = 16 * 1024
    }

    func checkSizes() throws(APIError) {
        let texts: [(field: CodingKeys, text: String?, maximum: Int)] = [
            (.subject, subject, Size.subject),
            (.toName, toName, Size.name),
            (.fromName, fromName, Size.name),
            (.toAddress, toAddress, Size.address),
            (.fromAddress, fromAddress, Size.address),
        ]
        for (field, text, maximum) in texts where (text?.utf16.count ?? 0) > maximum {
            throw .badRequest(
                "\(field.rawValue): longer than \(maximum).", field: field.rawValue)
        }
        guard attributes.count <= Size.attributes else {
            throw .badRequest("attributes: more than \(Size.attributes).", field: "attributes")
        }
        var bytes = 0
        for (key, value) in attributes {
            guard value.utf16.count <= Size.attribute else {
                throw .badRequest(
                    "attributes.\(key): longer than \(Size.attribute).", field: "attributes.\(key)")
            }
            bytes += key.utf8.count + value.utf8.count
        }
        guard bytes <= Size.attributesBytes else {
            throw .badRequest(
                "attributes: more than \(Size.attributesBytes) bytes.", field: "attributes")
        }
    }
}
