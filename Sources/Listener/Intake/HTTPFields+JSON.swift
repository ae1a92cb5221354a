import HTTPTypes

extension HTTPFields {
    /// - Throws: `Problem` 415 for a body that is not plain JSON in UTF-8; no type at all passes.
    func checkJSON() throws(Problem) {
        if let coding = value(.contentEncoding), coding.lowercased() != "identity" {
            var problem = Problem(
                .unsupportedMediaType, "send the body without a content coding",
                field: "content-encoding")
            problem.headers[.acceptEncoding] = "identity"
            throw problem
        }
        guard let value = value(.contentType), value != "application/json" else { return }
        let parts = value.lowercased().split(separator: ";").map { $0.filter { !$0.isWhitespace } }
        let type = parts.first ?? ""
        guard
            type == "application/json" || type.hasPrefix("application/") && type.hasSuffix("+json")
        else {
            throw Problem(
                .unsupportedMediaType, "send application/json", field: "content-type")
        }
        let charsets = ["charset=utf-8", "charset=\"utf-8\"", "charset=utf8"]
        guard parts.allSatisfy({ !$0.hasPrefix("charset=") || charsets.contains($0) }) else {
            throw Problem(.unsupportedMediaType, "send UTF-8", field: "content-type")
        }
    }
}
