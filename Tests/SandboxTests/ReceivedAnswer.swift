import Foundation

/// An HTTP answer as it was received.
struct ReceivedAnswer {
    let status: Int
    /// By lower-case name.
    let headers: [String: String]
    let body: String

    /// The answer at the beginning of the bytes, if it is whole.
    ///
    /// An answer to `HEAD` is whole without the body that its length is of.
    init?(_ bytes: [UInt8], toHead: Bool = false) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let blank = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<blank.lowerBound].components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            let name = pair[0].lowercased()
            let value = pair[1].trimmingCharacters(in: .whitespaces)
            // Only cookies come more than once.
            headers[name] = headers[name].map { "\($0)\n\(value)" } ?? value
        }
        let length = toHead ? 0 : headers["content-length"].flatMap { Int($0) } ?? 0
        let rest = text[blank.upperBound...].utf8
        guard rest.count >= length else { return nil }
        self.status = status
        self.headers = headers
        body = String(decoding: rest.prefix(length), as: UTF8.self)
    }

    /// The body's members.
    var json: [String: Any] {
        let object = try? JSONSerialization.jsonObject(with: Data(body.utf8))
        return object as? [String: Any] ?? [:]
    }

    var code: String? {
        json["code"] as? String
    }

    var message: String? {
        json["message"] as? String
    }
}
